package coq

// Sealed seals a text.
var Sealed = sealed
