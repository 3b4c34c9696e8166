(* State-space models as a textbook defines them, over the integers, and unrolled: an output is a
   sum over all positions up to its own. Nothing here knows of circuits or programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions.
Import ListNotations.
Open Scope Z_scope.

(* ---- time-invariant: a convolution ---- *)

(* The sum over the positions up to t of what feature f has there, each by what the kernel of f has
   for its distance from t. *)
Definition convolve (kernel : nat -> nat -> Z) (x : nat -> nat -> Z) (t f : nat) : Z :=
  bigsum (S t) (fun s => kernel f (t - s)%nat * x s f).

(* The kernels whose taps are in a list for each feature. They are 0 beyond their taps. *)
Definition kernel_of (taps : list (list Z)) (f m : nat) : Z := nth m (nth f taps []) 0.

(* A time-invariant state-space model whose kernel is rounded: the convolution, rounded once, to
   units, and clipped to lo .. lo + levels. *)
Definition state_space (kernel : nat -> nat -> Z) (unit lo : Z) (levels : nat)
    (x : nat -> nat -> Z) (t f : nat) : Z :=
  round_to unit lo levels (convolve kernel x t f).

(* ---- selective: the decay depends on the input ---- *)

(* A selective state-space model of d features. WD, WB and WC are the matrices of the steps and of
   what goes into the state and comes out of it. A step is a staircase of its sum. A state has a
   decay: a staircase too, of how long the past is, measured in steps. *)
Section Selective.
  Variable d : nat.
  Variables (WD WB WC : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)).
  Variable decays : list (Z * list (Z * Z)).
  Variable skip : list Z.
  Variables (unit lo : Z) (levels : nat).
  Variable x : nat -> nat -> Z.

  (* The step of feature f at position t. *)
  Definition delta (t f : nat) : Z := stair base jumps (project d x WD t f).

  (* The sum of the steps of feature f after position s and up to t. *)
  Definition since (s t f : nat) : Z := bigsum (t - s) (fun r => delta (s + S r) f).

  (* What state k keeps when the steps since then add up to w. *)
  Definition decay (k : nat) (w : Z) : Z :=
    stair (fst (nth k decays (0, []))) (snd (nth k decays (0, []))) w.

  (* What comes out of state k of feature f at position t: all that went in up to t, decayed. *)
  Definition read (k t f : nat) : Z :=
    bigsum (S t) (fun s =>
      decay k (since s t f) * (delta s f * x s f * project d x WB s k * project d x WC t k)).

  (* The output of feature f at position t: all states and the input itself, rounded to units and
     clipped to lo .. lo + levels. *)
  Definition selective (t f : nat) : Z :=
    round_to unit lo levels
      (bigsum (length decays) (fun k => read k t f) + nth f skip 0 * x t f).
End Selective.

(* ---- the block around it ---- *)

(* A block of Mamba: a projection, a short convolution and an activation before the mixing; then a
   gate, which is another activation of the input; then a projection, rounded to units and clipped
   to lo .. lo + levels. *)
Definition mamba (d : nat) (WI : list (list Z)) (taps : list (list Z)) (activation : Z -> Z)
    (mix : (nat -> nat -> Z) -> nat -> nat -> Z) (WG : list (list Z)) (gate : Z -> Z)
    (WO : list (list Z)) (unit lo : Z) (levels : nat) (x : nat -> nat -> Z) (t f : nat) : Z :=
  let inner t f := activation (convolve (kernel_of taps) (project d x WI) t f) in
  let gated t f := mix inner t f * gate (project d x WG t f) in
  round_to unit lo levels (project d gated WO t f).
