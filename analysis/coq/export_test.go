package coq

// Sealed seals a text.
var Sealed = sealed

// SpokenIn are the numbers and strings of a text, and DigestOf is their digest.
var (
	SpokenIn = spokenIn
	DigestOf = digestOf
)
