package handwritten

// Grammar tells a person how to write a file: an example, the grammar of the package comment, and how
// names are written.
const Grammar = `# two of three, and whether a and b differ
input a b c
output y
output differ = not same
y    = maj(a, b, c)
same = xnor(a, b)

file    = { line }
line    = [ model | input | output | stage | sum | gate ] [ "#" comment ]
model   = "model" name
input   = "input" name { [ "," ] name } | "input" port [ "=" name { "," name } ]
output  = "output" name { [ "," ] name } | "output" ( name | port ) [ "=" literal { "," literal } ]
port    = name ":" count ( "bits" | "bit" ) [ format ]
format  = "unsigned" | "signed" | ( "thermometer" | "onehot" ) [ integer ]
        | "weighted" [ integer ] "(" [ integer { "," integer } ] ")"
stage   = "stage" [ name { "/" name } ]
sum     = "sum" name "=" terms
gate    = name "=" ( literal | call | "[" terms compare terms "]" | mod )
call    = kind "(" [ literal { "," literal } ] ")"
kind    = "and" | "or" | "nand" | "nor" | "xor" | "xnor" | "not" | "buf" | "maj" | "majority"
compare = ">=" | ">" | "<=" | "<"
mod     = "mod" count "(" [ terms { "," terms } ] ")" "in" "{" [ count { "," count } ] "}"
terms   = [ "-" ] term { ( "+" | "-" ) term }
term    = [ count [ "*" ] ] ( literal | name of a sum ) | count
literal = { "not" } ( name | "0" | "1" ) | { "not" } "(" literal ")"

A name is a letter or "_", then letters, digits, "_", "." and indices such as [2,3]; any other is in
quotes. A line reads names of the lines above it; an output may stand anywhere. A complement in front of
a name is free; a sum is no gate.
`
