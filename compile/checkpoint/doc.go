// Package checkpoint reads trained weights as their authors left them, and lays them out as a model folder.
//
// [Open] reads a file, or a folder that holds one, into a [Checkpoint]: tensors by name, and what else the
// file says. These formats are read:
//
//	safetensors   one file, or several with model.safetensors.index.json
//	PyTorch       .pt, .pth, .ckpt and .bin: a zip archive, or pickles one behind the other as before torch 1.6
//	NumPy         .npy and .npz
//	JSON          lists of numbers, such as {"wte": [[0.1, 0.2], [0.3, 0.4]]}; or such an object under
//	              a key such as "state_dict", with "config" beside it
//	llama2.c      .bin, version 0
//
// A state dict is a pickle. Its reader knows the operations that tensors need, and a list of names; it runs no
// code. Every other name is refused. Sizes are checked before memory is taken, and values are read when they
// are asked for. At most 2^28 numbers are read of a checkpoint; this is a limit of ours. What is wrong with a
// file is an [*Error] of one line.
//
// [Checkpoint.Convert] finds out whose layout the names are in, and makes a [Folder]. Its config.json and
// model.safetensors are in the form that package model reads.
//
//	Hugging Face         config.json beside the weights has a model_type; names stay
//	nanoGPT              transformer.h.0.attn.c_attn.weight, as Linear or Conv1D; becomes gpt2
//	llama2.c             layers.0.attention.wq.weight, rotary pairs interleaved; becomes llama
//	microgpt             layer0.attn_wq, as lists of numbers; becomes microgpt
//	torch.nn             rnn.weight_ih_l0 and a linear head; becomes rnn, gru or lstm
//	torch.nn.Sequential  0.weight, 2.weight, or l1.weight, l2.weight; becomes mlp
//
// The layers of an mlp stand in the order of their numbers, or in the only one that fits, or in that of a state dict.
// If several fit, it is an error, and [Options] has the order. In a Sequential two layers of neighbouring numbers
// have nothing between them; they become one layer.
//
// What a file does not say and no option either is taken as the project has it, with a note in [Folder.Notes].
// testdata/layouts has networks of each layout, and what torch answers.
package checkpoint
