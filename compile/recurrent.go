package compile

func recurrentFamilies() []Family { return nil }
