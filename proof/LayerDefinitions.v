(* The layer of a transformer as a textbook defines it, over the integers: attention and a
   perceptron at each position, with norms and residual sums. Nothing here knows of circuits or
   programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions.
Import ListNotations.
Open Scope Z_scope.

(* Layers of d features and m hidden units. The attention and the norms are functions of all
   positions. A residual sum counts in parts of a unit of its first operand, and is rounded to a
   staircase, as the hidden units are. *)
Section Layer.
  Variables (d m : nat) (parts : Z).
  Variables (WO WU WD : list (list Z)).
  Variables (base1 : Z) (jumps1 : list (Z * Z)).
  Variables (baseU : Z) (jumpsU : list (Z * Z)).
  Variables (base2 : Z) (jumps2 : list (Z * Z)).
  Variables norm1 norm2 attention : (nat -> nat -> Z) -> nat -> nat -> Z.

  (* x + W y, for y of k features. *)
  Definition residual (k : nat) (W : list (list Z)) (x y : nat -> nat -> Z) (i f : nat) : Z :=
    parts * x i f + project k y W i f.

  (* Hidden unit o at position i. *)
  Definition hidden_unit (y : nat -> nat -> Z) (i o : nat) : Z :=
    stair baseU jumpsU (project d y WU i o).

  (* Attention and its residual sum, rounded: what the perceptron of a layer reads. *)
  Definition attended (x y : nat -> nat -> Z) (i f : nat) : Z :=
    stair base1 jumps1 (residual d WO x (attention y) i f).

  (* The perceptron and its residual sum, rounded. *)
  Definition perceived (x y : nat -> nat -> Z) (i f : nat) : Z :=
    stair base2 jumps2 (residual m WD x (hidden_unit y) i f).

  (* The layer with norms before attention and perceptron. *)
  Definition pre_norm_layer (x : nat -> nat -> Z) : nat -> nat -> Z :=
    let r := attended x (norm1 x) in perceived r (norm2 r).

  (* The layer with norms after the residual sums. *)
  Definition post_norm_layer (x : nat -> nat -> Z) : nat -> nat -> Z :=
    let r := norm1 (attended x x) in norm2 (perceived r r).
End Layer.

(* Layers one after the other. *)
Definition stack (layers : list ((nat -> nat -> Z) -> nat -> nat -> Z)) (x : nat -> nat -> Z)
    : nat -> nat -> Z :=
  fold_left (fun y layer => layer y) layers x.
