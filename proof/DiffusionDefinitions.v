(* The sampler of a diffusion policy as a textbook defines it, over the integers: numbers are drawn
   from a context in some steps without noise. Nothing here knows of circuits or programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions.
Import ListNotations.
Open Scope Z_scope.

(* A step: a perceptron reads the numbers and the context. Its biases hold the time of the step. Its
   hidden sums count in parts of those of the context, and times a gain they are rounded to units
   and clipped to 0 .. top. Then the numbers are kept and pulled, and the sum is rounded to units and
   clipped to lo .. lo + levels. *)
Record guided := mkGuided {
  v_weight : list (list Z);
  v_bias : list Z;
  v_parts : Z;
  v_gain : Z;
  v_unit1 : Z;
  v_top : nat;
  v_back : list (list Z);
  v_keep : Z;
  v_pull : Z;
  v_unit : Z;
  v_lo : Z;
  v_levels : nat }.

(* What a step makes of m numbers x, by h hidden units, if the context adds c to their sums. *)
Definition guide (m h : nat) (c : nat -> Z) (s : guided) (x : nat -> Z) (f : nat) : Z :=
  let hidden o := round_to (v_unit1 s) 0 (v_top s) (v_gain s * (c o + v_parts s *
    (nth o (v_bias s) 0 + bigsum m (fun k => nth k (nth o (v_weight s) []) 0 * x k)))) in
  round_to (v_unit s) (v_lo s) (v_levels s)
    (v_keep s * x f + v_pull s * bigsum h (fun o => nth o (nth f (v_back s) []) 0 * hidden o)).

(* Steps one after another, all with the same context y of n numbers. *)
Definition draw (n m h : nat) (W : nat -> nat -> Z) (steps : list guided) (y x : nat -> Z)
    : nat -> Z :=
  fold_left (fun x s => guide m h (fun o => bigsum n (fun k => W o k * y k)) s x) steps x.
