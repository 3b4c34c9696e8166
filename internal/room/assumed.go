package room

// assumed is the memory of a machine that does not say how much it has.
var assumed = Limit{8 << 30, "a machine that does not say what it has; GOMEMLIMIT says it"}
