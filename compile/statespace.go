package compile

func stateSpaceFamilies() []Family { return nil }
