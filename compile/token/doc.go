// Package token cuts texts into the tokens of a language model, and writes tokens as texts.
//
// [Read] reads the tokenizer in a model folder. The first of these that is there counts:
//
//	tokenizer.json            of the library tokenizers (Hugging Face), with a model of type BPE
//	vocab.json, merges.txt    byte-level BPE, as GPT-2 has it; added_tokens.json has more tokens
//	tokenizer.model           of SentencePiece, with a model of type BPE
//
// Models of the types Unigram, WordPiece and WordLevel are named and refused. So is every normaliser,
// pre-tokenizer, post-processor and decoder that is not built here.
//
// # How a text becomes tokens
//
// Added tokens are found first, such as <|endoftext|>. What is between them is normalised, and cut into words.
// Byte-pair encoding [1] begins with the characters of a word, and joins the pair of neighbours that
// comes first in the list of merges, again and again. In byte-level BPE [2] each byte is one of 256 characters.
// SentencePiece [3] has no list of merges: a pair may be joined if both together are a piece, and the
// piece of the highest score comes first.
//
//	[1] Sennrich, Haddow, Birch: Neural machine translation of rare words with subword units, ACL 2016
//	[2] Radford et al.: Language models are unsupervised multitask learners, 2019
//	[3] Kudo, Richardson: SentencePiece, EMNLP 2018
package token
