package compile

func normFamilies() []Family { return nil }
