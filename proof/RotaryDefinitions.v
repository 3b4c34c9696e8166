(* Attention with rotary positions as a textbook defines it, over the integers. Nothing here knows
   of circuits or programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions.
Import ListNotations.
Open Scope Z_scope.

(* The numbers of attention as in Definitions.v, and a matrix for each position, which turns the
   features of a head: one for queries, and one for keys. *)
Section Rotary.
  Variables (d e : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables RQ RK : nat -> nat -> nat -> Z.
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Variables (n : nat) (x : nat -> nat -> Z).

  (* Feature k of head h at position i, turned. *)
  Definition rotated (R : nat -> nat -> nat -> Z) (W : list (list Z)) (h i k : nat) : Z :=
    bigsum e (fun q => R i k q * project d x W i (e * h + q)).

  (* The weight that head h gives at position i to position j. *)
  Definition rotary_weight (h i j : nat) : Z :=
    stair base jumps (bigsum e (fun k => rotated RQ WQ h i k * rotated RK WK h j k)).

  (* Softmax attention with turned queries and keys. *)
  Definition attend_rotary (i f : nat) : Z :=
    average d e WV unit lo levels n x rotary_weight i f.

  (* The same with a causal mask: a position attends to itself and those before it. *)
  Definition causal_rotary_weight (h i j : nat) : Z :=
    if (j <=? i)%nat then rotary_weight h i j else 0.
  Definition attend_rotary_causal (i f : nat) : Z :=
    average d e WV unit lo levels n x causal_rotary_weight i f.
End Rotary.
