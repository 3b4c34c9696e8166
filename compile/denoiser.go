package compile

func denoiserFamilies() []Family { return nil }
