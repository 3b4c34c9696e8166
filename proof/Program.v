(* Programs of operations on tensors of integers, whose shapes are polynomials in n, and what
   they mean. *)
From Coq Require Import List ZArith Bool Arith.
From TC0 Require Import Circuit Integers Index.
Import ListNotations.
Open Scope Z_scope.

(* ---- programs ---- *)

(* An integer constant, or one that depends on n and an index. *)
Inductive coef :=
| CK (k : Z)
| CF (f : nat -> idx -> Z).

(* Its value. *)
Definition cval (c : coef) (n : nat) (v : idx) : Z :=
  match c with CK k => k | CF f => f n v end.

(* The operations. Operands are numbers of earlier values, the inputs first. In index expressions
   the variables are the coordinates of the result, then those that are summed over. Reading
   outside a tensor gives 0. *)
Inductive op :=
(* c + sum over ssh of w * a[f]: linear maps, sums along axes, gathers, masks, constants *)
| OSum (osh ssh : list poly) (w c : coef) (f : list ix) (a : nat)
(* a + b *)
| OAdd (a b : nat)
(* base + the jumps j of those (t, j) with a >= t *)
| OStep (base : Z) (jumps : list (coef * Z)) (a : nat)
(* sum over ssh of a[fa] * b[fb] *)
| OCon (osh ssh : list poly) (fa fb : list ix) (a b : nat)
(* floor (a / b[fd]), for b > 0, clipped to lo .. lo + m *)
| OQuo (lo : Z) (m : nat) (fd : list ix) (a b : nat)
(* OStep of a - the greatest a[f] over ssh *)
| OMax (base : Z) (jumps : list (coef * Z)) (ssh : list poly) (f : list ix) (a : nat).

(* An input: its shape, and how an element is read from its bits: a constant and, for each bit that
   is 1, what that bit counts. *)
Record input := mkInput {
  in_shape : list poly;
  in_base : Z;
  in_bits : nat;
  in_place : nat -> Z }.

(* A program: its inputs, one behind the other, the operations, and the numbers of the values that
   are the outputs. *)
Record prog := mkProg {
  p_ins : list input;
  p_ops : list op;
  p_outs : list nat }.

(* Integers of p bits in two's complement, natural numbers of p bits, and single bits. *)
Definition integers (sh : list poly) (p : nat) : input :=
  mkInput sh 0 p (fun b => if (S b =? p)%nat then - 2 ^ Z.of_nat b else 2 ^ Z.of_nat b).
Definition naturals (sh : list poly) (p : nat) : input :=
  mkInput sh 0 p (fun b => 2 ^ Z.of_nat b).
Definition booleans (sh : list poly) : input := mkInput sh 0 1 (fun _ => 1).

(* Numbers lo .. lo + m, each in m bits, of which as many are 1 as it is above lo. *)
Definition thermometers (sh : list poly) (lo : Z) (m : nat) : input :=
  mkInput sh lo m (fun _ => 1).

(* ---- meaning ---- *)

(* The lengths of the axes for size n. *)
Definition dims (n : nat) (sh : list poly) : list nat := map (fun p => peval p n) sh.

(* A tensor: the lengths of its axes, and its elements. *)
Definition tensor := (list nat * (idx -> Z))%type.

(* The tensor that is read where there is none. *)
Definition tnone : tensor := ([], fun _ => 0).

(* The number of bits of an input. *)
Definition nbits (a : input) (n : nat) : nat := (prod (dims n (in_shape a)) * in_bits a)%nat.

(* The input bit that is bit b of element i of an input whose first bit is o. *)
Definition wire (a : input) (n o : nat) (i : idx) (b : nat) : nat :=
  (o + (ravel (dims n (in_shape a)) i 0 * in_bits a + b))%nat.

(* The tensor of an input whose first bit is o, from the input bits x. *)
Definition sem0 (a : input) (n o : nat) (x : nat -> bool) : tensor :=
  let ds := dims n (in_shape a) in
  (ds, table 0 ds (fun i => in_base a +
    zsum (map (fun b => in_place a b * Z.b2z (x (wire a n o i b))) (seq 0 (in_bits a))))).

(* The tensors of inputs whose first bit is o. *)
Fixpoint sems0 (ins : list input) (n o : nat) (x : nat -> bool) : list tensor :=
  match ins with [] => [] | a :: r => sem0 a n o x :: sems0 r n (o + nbits a n) x end.

(* The jumps of a staircase for size n at the index i. *)
Definition jumpsat (js : list (coef * Z)) (n : nat) (i : idx) : list (Z * Z) :=
  map (fun j => (cval (fst j) n i, snd j)) js.

(* The clipped quotient. For den <= 0, which is not meant to happen, what thresholds count. *)
Definition quotient (lo : Z) (m : nat) (num den : Z) : Z :=
  if 0 <? den then clip lo (lo + Z.of_nat m) (num / den)
  else lo + zsum (map (fun k => Z.b2z ((lo + 1 + Z.of_nat k) * den <=? num)) (seq 0 m)).

(* The greatest of a list, 0 if it is empty. *)
Definition zmax (l : list Z) : Z := match l with [] => 0 | a :: r => fold_right Z.max a r end.

(* The value of an operation, env being the values before. *)
Definition sem1 (n : nat) (env : list tensor) (o : op) : tensor :=
  let get k := nth k env tnone in
  match o with
  | OSum osh ssh w c f a =>
    let ds := dims n osh in
    (ds, table 0 ds (fun i => cval c n i +
      zsum (map (fun e => cval w n (i ++ e) * snd (get a) (imap f (i ++ e)))
        (box (dims n ssh)))))
  | OAdd a b =>
    let ds := fst (get a) in
    (ds, table 0 ds (fun i => snd (get a) i + snd (get b) i))
  | OStep base js a =>
    let ds := fst (get a) in
    (ds, table 0 ds (fun i => stair base (jumpsat js n i) (snd (get a) i)))
  | OCon osh ssh fa fb a b =>
    let ds := dims n osh in
    (ds, table 0 ds (fun i =>
      zsum (map (fun e => snd (get a) (imap fa (i ++ e)) * snd (get b) (imap fb (i ++ e)))
        (box (dims n ssh)))))
  | OQuo lo m fd a b =>
    let ds := fst (get a) in
    (ds, table 0 ds (fun i => quotient lo m (snd (get a) i) (snd (get b) (imap fd i))))
  | OMax base js ssh f a =>
    let ds := fst (get a) in
    (ds, table 0 ds (fun i => stair base (jumpsat js n i)
      (snd (get a) i - zmax (map (fun e => snd (get a) (imap f (i ++ e))) (box (dims n ssh))))))
  end.

(* The values of all operations, after those of env. *)
Fixpoint sems (n : nat) (ops : list op) (env : list tensor) : list tensor :=
  match ops with [] => env | o :: r => sems n r (env ++ [sem1 n env o]) end.

(* All integers of a tensor. *)
Definition elements (t : tensor) : list Z := map (snd t) (box (fst t)).

(* The integers that the program computes from the input bits x. *)
Definition meaning (p : prog) (n : nat) (x : nat -> bool) : list Z :=
  let ts := sems n (p_ops p) (sems0 (p_ins p) n 0 x) in
  flat_map (fun k => elements (nth k ts tnone)) (p_outs p).
