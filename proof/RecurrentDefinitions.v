(* Recurrent networks as a textbook defines them, over the integers: cells, and their states after
   all steps of a sequence. Nothing here knows of circuits or programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers Definitions.
Import ListNotations.
Open Scope Z_scope.

(* The state after t steps: each makes the next one from what stands at its position and from the
   state before. *)
Fixpoint states {A : Type} (next : (nat -> Z) -> A -> A) (x : nat -> nat -> Z) (s : A) (t : nat)
    : A :=
  match t with
  | O => s
  | S t => next (x t) (states next x s t)
  end.

(* Each state is 0 before the first step. *)
Definition nothing : nat -> Z := fun _ => 0.

(* The numbers of a gate: weights of the inputs and of the state, biases, and its function as a
   staircase: the sigmoid, or the hyperbolic tangent. *)
Record gate := mkGate {
  of_input : list (list Z);
  of_state : list (list Z);
  biases : list Z;
  least : Z;
  jumps_up : list (Z * Z) }.

(* Cells of m inputs x and h features s of the state. One is the number that stands for 1 in a gate;
   sums of products with gates are rounded to it, or to a multiple, and clipped to
   lo .. lo + levels. *)
Section Cells.
  Variables (m h : nat) (one lo : Z) (levels : nat).

  (* Feature o of a gate: its function of W x + U s + b, which is an Elman network. *)
  Definition opened (g : gate) (x s : nat -> Z) (o : nat) : Z :=
    elman m h (of_input g) (of_state g) (biases g) (least g) (jumps_up g) x s o.

  (* What a gated recurrent unit proposes: the hyperbolic tangent of W x + b + r * (U s), in units
     of a gate. *)
  Definition proposed (reset candidate : gate) (x s : nat -> Z) (o : nat) : Z :=
    stair (least candidate) (jumps_up candidate)
      (one * (nth o (biases candidate) 0 + bigsum m (fun k =>
        nth k (nth o (of_input candidate) []) 0 * x k)) +
       opened reset x s o * bigsum h (fun k => nth k (nth o (of_state candidate) []) 0 * s k)).

  (* Its next state: (1 - z) * s + z * c, rounded. *)
  Definition gru (update reset candidate : gate) (x s : nat -> Z) (o : nat) : Z :=
    let z := opened update x s o in
    round_to one lo levels ((one - z) * s o + z * proposed reset candidate x s o).

  (* Long short-term memory: the next cell f * c + i * g, rounded. The cell counts in units that are
     so many times those of the state, so that it has more room. *)
  Variable room : Z.
  Definition remembered (input forget candidate : gate) (x s c : nat -> Z) (o : nat) : Z :=
    round_to (room * one) lo levels
      (room * (opened forget x s o * c o) + opened input x s o * opened candidate x s o).

  (* Its next state and cell: the state is o * tanh (the next cell), rounded; the tangent is a
     staircase of the cell. *)
  Definition lstm (input forget output candidate : gate) (base : Z) (tangent : list (Z * Z))
      (x : nat -> Z) (now : (nat -> Z) * (nat -> Z)) : (nat -> Z) * (nat -> Z) :=
    let (s, c) := now in
    let c' := remembered input forget candidate x s c in
    (fun o => round_to one lo levels (opened output x s o * stair base tangent (c' o)), c').
End Cells.

(* A state-space model as a recurrence. The next state of h features is A s + B x, rounded to units
   and clipped. *)
Definition linear_state (m h : nat) (A B : list (list Z)) (unit lo : Z) (levels : nat)
    (x s : nat -> Z) (o : nat) : Z :=
  round_to unit lo levels
    (bigsum h (fun k => nth k (nth o A []) 0 * s k) +
     bigsum m (fun k => nth k (nth o B []) 0 * x k)).

(* What is read out of it: the same of C s + D x, with units of its own. *)
Definition linear_output := linear_state.
