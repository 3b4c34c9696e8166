(* What a reader has to trust: threshold circuits as lists of gates in topological order, what
   they compute, what they cost, and families of them. No proof is in this file. *)
From Coq Require Import List ZArith Bool Arith.
Import ListNotations.

(* ---- gates and circuits ---- *)

(* A wire comes from an input bit or from a gate, by its number. *)
Inductive ref := RIn (i : nat) | RGate (g : nat).

(* A literal is a wire or, with true, its complement, which is free. *)
Definition flit := (bool * ref)%type.

(* AND, OR, and the threshold gate: FThr ws t is [sum of w * literal >= t], w and t integers. *)
Inductive fgate :=
| FAnd (ls : list flit)
| FOr (ls : list flit)
| FThr (ws : list (Z * flit)) (t : Z).

(* A number that is read off wires: a constant and weighted literals. *)
Definition fsum := (Z * list (Z * flit))%type.

(* A circuit has a number of input bits, gates in topological order, and numbers as outputs. *)
Record circuit := mkCircuit { inputs : nat; gates : list fgate; outs : list fsum }.

(* ---- evaluation ---- *)

(* The sum of the weights w whose a is true under f. *)
Section Wsum.
  Context {A : Type} (f : A -> bool).
  Fixpoint wsum (ws : list (Z * A)) : Z :=
    match ws with
    | [] => 0%Z
    | (w, a) :: r => (w * Z.b2z (f a) + wsum r)%Z
    end.
End Wsum.

(* The value of a wire: x has the input bits, vs the values of the gates so far. *)
Definition rval (x : nat -> bool) (vs : list bool) (r : ref) : bool :=
  match r with RIn i => x i | RGate g => nth g vs false end.

(* The value of a literal. *)
Definition lval x vs (l : flit) : bool := xorb (fst l) (rval x vs (snd l)).

(* The value of a gate. *)
Definition gval x vs (g : fgate) : bool :=
  match g with
  | FAnd ls => forallb (lval x vs) ls
  | FOr ls => existsb (lval x vs) ls
  | FThr ws t => (t <=? wsum (lval x vs) ws)%Z
  end.

(* The values of all gates, from the first to the last. *)
Definition run (x : nat -> bool) (gs : list fgate) : list bool :=
  fold_left (fun vs g => vs ++ [gval x vs g]) gs [].

(* The numbers that the circuit computes from the input bits x. *)
Definition eval (c : circuit) (x : nat -> bool) : list Z :=
  let vs := run x (gates c) in
  map (fun s => (fst s + wsum (lval x vs) (snd s))%Z) (outs c).

(* ---- costs ---- *)

(* The wires that a gate reads. *)
Definition gargs (g : fgate) : list ref :=
  match g with
  | FAnd ls | FOr ls => map snd ls
  | FThr ws _ => map (fun w => snd (snd w)) ws
  end.

(* Inputs are on level 0; ls has the levels of the gates so far. *)
Definition rlev (ls : list nat) (r : ref) : nat :=
  match r with RIn _ => 0 | RGate g => nth g ls 0 end.
(* A gate is one above the highest wire that it reads; complement is free. *)
Definition glev (ls : list nat) (g : fgate) : nat := S (list_max (map (rlev ls) (gargs g))).
(* The levels of all gates, from the first to the last. *)
Definition levels (gs : list fgate) : list nat := fold_left (fun ls g => ls ++ [glev ls g]) gs [].

(* The highest level. *)
Definition depth (c : circuit) : nat := list_max (levels (gates c)).
(* The number of gates. *)
Definition size (c : circuit) : nat := length (gates c).
(* The number of wires into gates. *)
Definition wires (c : circuit) : nat := list_sum (map (fun g => length (gargs g)) (gates c)).

(* Whether a wire comes from one of ni inputs or of the first k gates. *)
Definition ref_ok (ni k : nat) (r : ref) : Prop :=
  match r with RIn i => i < ni | RGate g => g < k end.
(* A circuit is well formed if each gate reads inputs and earlier gates only; so do outputs. *)
Definition wf (c : circuit) : Prop :=
  (forall k g, nth_error (gates c) k = Some g -> Forall (ref_ok (inputs c) k) (gargs g)) /\
  Forall (fun s => Forall (fun w => ref_ok (inputs c) (size c) (snd (snd w))) (snd s)) (outs c).

(* A polynomial in n with natural coefficients, the constant first, and its value. *)
Definition poly := list nat.
Fixpoint peval (p : poly) (n : nat) : nat := match p with [] => 0 | a :: r => a + n * peval r n end.

(* A family of circuits of depth at most d and polynomial size, for n >= 1. *)
Definition TC0_family (d : nat) (F : nat -> circuit) : Prop :=
  exists p : poly, forall n, 1 <= n -> wf (F n) /\ depth (F n) <= d /\ size (F n) <= peval p n.

(* ---- weights, and families of other gates ---- *)

(* The number of wires that a gate reads. *)
Definition fan_in (g : fgate) : nat := length (gargs g).

(* The sum of the absolute values of weights. *)
Definition wsize {A} (ws : list (Z * A)) : nat := list_sum (map (fun w => Z.abs_nat (fst w)) ws).

(* That of a threshold gate; AND and OR have no weights. *)
Definition gweight (g : fgate) : nat := match g with FThr ws _ => wsize ws | _ => 0 end.

(* Whether a gate is an AND or an OR. *)
Definition simple_gate (g : fgate) : Prop := match g with FThr _ _ => False | _ => True end.

(* Whether it counts: all weights are 1. A wire may be read more than once. *)
Definition counting_gate (g : fgate) : Prop :=
  match g with FThr ws _ => Forall (fun w => fst w = 1%Z) ws | _ => False end.

(* Whether it tells if at least half of the literals that it reads are true. *)
Definition majority_gate (g : fgate) : Prop :=
  match g with
  | FThr ws t => Forall (fun w => fst w = 1%Z) ws /\ t = ((Z.of_nat (length ws) + 1) / 2)%Z
  | _ => False
  end.

(* A family of circuits of gates that P accepts, of depth at most d, with polynomially many gates
   and wires, for n >= 1. *)
Definition family_of (P : fgate -> Prop) (d : nat) (F : nat -> circuit) : Prop :=
  exists p q : poly, forall n, 1 <= n ->
  wf (F n) /\ depth (F n) <= d /\ size (F n) <= peval p n /\ wires (F n) <= peval q n /\
  Forall P (gates (F n)).

(* TC0 in its narrow forms: gates that count, and gates of the majority. *)
Definition counting_family := family_of counting_gate.
Definition majority_family := family_of majority_gate.

(* AC0: gates AND and OR of any number of literals. *)
Definition AC0_family := family_of simple_gate.
