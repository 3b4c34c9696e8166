package compile

func layerFamilies() []Family { return nil }
