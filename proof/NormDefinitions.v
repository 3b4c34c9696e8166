(* Norms as a textbook defines them, over the integers: the RMS norm and the layer norm. Nothing
   here knows of circuits or programs. *)
From Coq Require Import List ZArith Bool Arith.
From TC0 Require Import Integers.
Import ListNotations.
Open Scope Z_scope.

(* ---- comparisons with roots ---- *)

(* Whether x >= t * sqrt y, for y >= 0. Where t > 0, x is at least 0 and its square is large enough.
   Else x is at least 0, or its square is not too large. Roots.v proves that this is what it is for
   the real root. *)
Definition reaches_root (x t y : Z) : bool :=
  if 0 <? t then (0 <=? x) && (t ^ 2 * y <=? x ^ 2) else (0 <=? x) || (x ^ 2 <=? t ^ 2 * y).

(* ---- norms ---- *)

(* Norms of d features: gain * x over the root of the radicand, plus an offset, in units, rounded
   down and clipped to lo .. lo + levels. The radicand is root2 * (the sum of the squares of x) +
   eps. With the offset a norm has a bias, and is rounded to the nearest. *)
Section Norm.
  Variables (d : nat) (root2 eps : Z) (gains offsets : list Z) (unit lo : Z) (levels : nat).
  Variable x : nat -> nat -> Z.

  (* What is under the root at position i. *)
  Definition radicand (i : nat) : Z := root2 * bigsum d (fun f => x i f * x i f) + eps.

  (* Whether feature f at position i is at least q:
     gain * x >= (unit * q - offset) * sqrt radicand. *)
  Definition norm_reaches (i f : nat) (q : Z) : bool :=
    reaches_root (nth f gains 0 * x i f) (unit * q - nth f offsets 0) (radicand i).

  (* The RMS norm: as many above lo as numbers above lo are reached. *)
  Definition rms_norm (i f : nat) : Z :=
    lo + bigsum levels (fun k => Z.b2z (norm_reaches i f (lo + 1 + Z.of_nat k))).

  (* The feature less the mean of all features, d times. *)
  Definition centred (i f : nat) : Z := Z.of_nat d * x i f - bigsum d (x i).
End Norm.

(* The layer norm: the RMS norm of what is left when the mean is subtracted. *)
Definition layer_norm d root2 eps gains offsets unit lo levels (x : nat -> nat -> Z)
    : nat -> nat -> Z :=
  rms_norm d root2 eps gains offsets unit lo levels (centred d x).
