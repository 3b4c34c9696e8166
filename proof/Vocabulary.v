(* The words that an exported program is made of; what it means to be certified, and the tactic
   `certify` for concrete programs. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
Import ListNotations.
Open Scope Z_scope.

(* ---- words ---- *)

(* The polynomial n, the length of most axes. *)
Definition pn : poly := [0; 1]%nat.

(* A list of constants along axis k, or 0 if there are none. *)
Definition ints (l : list Z) (k : nat) : coef :=
  match l with [] => CK 0 | _ => CF (fun _ v => nth (nth k v 0%nat) l 0) end.

(* W a + b along the last axis, the k-th; cols is its length in a. *)
Definition linear (sh : list poly) (cols : poly) (k : nat) (W : list (list Z)) (b : list Z)
    (a : nat) : op :=
  OSum sh [cols] (CF (fun _ v => nth (nth (S k) v 0%nat) (nth (nth k v 0%nat) W []) 0))
    (ints b k) (map IV (seq 0 k) ++ [IV (S k)]) a.

(* k * a + c *)
Definition affine (sh : list poly) (k c : Z) (a : nat) : op :=
  OSum sh [] (CK k) (CK c) (map IV (seq 0 (length sh))) a.

(* The sum along one axis of a, whose length is given. *)
Definition reduce (sh : list poly) (size : poly) (axis a : nat) : op :=
  let r := length sh in
  OSum sh [size] (CK 1) (CK 0)
    (map IV (seq 0 axis) ++ [IV r] ++ map IV (seq axis (r - axis))) a.

(* a[f] *)
Definition gather (sh : list poly) (f : list ix) (a : nat) : op :=
  OSum sh [] (CK 1) (CK 0) f a.

(* a where the coordinate on the second axis is at most that on the first, z elsewhere *)
Definition causal (sh : list poly) (first second : nat) (z : Z) (a : nat) : op :=
  let keep (v : idx) := (nth second v 0 <=? nth first v 0)%nat in
  OSum sh [] (CF (fun _ v => if keep v then 1 else 0)) (CF (fun _ v => if keep v then 0 else z))
    (map IV (seq 0 (length sh))) a.

(* A staircase whose thresholds are constants. *)
Definition step (base : Z) (js : list (Z * Z)) (a : nat) : op :=
  OStep base (map (fun j => (CK (fst j), snd j)) js) a.

(* A constant, where the elements of a tensor of sizes ds are l: the element that f names. *)
Definition entry (ds : list nat) (l : list Z) (f : list ix) : coef :=
  CF (fun _ v => nth (ravel ds (imap f v) 0) l 0).

(* The kernels of a convolution: the tap of the lag from coordinate s to coordinate t, by feature.
   *)
Definition taps (ks : list (list Z)) (t s f : nat) : coef :=
  CF (fun _ v =>
    let now := nth t v 0%nat in let then_ := nth s v 0%nat in
    if (then_ <=? now)%nat then nth (now - then_) (nth (nth f v 0%nat) ks []) 0 else 0).

(* m * a - i for the m elements i of a row, along axis k: its greatest number is that of the
   leftmost of the greatest elements, and of no other. *)
Definition ranked (sh : list poly) (m : poly) (k a : nat) : op :=
  OSum sh [] (CF (fun n _ => Z.of_nat (peval m n))) (CF (fun _ v => - Z.of_nat (nth k v 0%nat)))
    (map IV (seq 0 (length sh))) a.

(* Input bits, from a list of 0 and 1. *)
Definition bits (l : list Z) (i : nat) : bool := nth i l 0 =? 1.

(* ---- certificates ---- *)

(* For every n the circuit of p is well formed, at most lev deep and of at most count(n) gates,
   and on every input it computes what the program means. *)
Definition certified (p : prog) (lev : nat) (count : npoly) : Prop :=
  forall n, (1 <= n)%nat -> let c := compile p n in
  wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
  forall x, eval c x = meaning p n x.

(* What the analysis says is certified. *)
Lemma certified_ok p lev count : analyse p = Some (count, lev) -> certified p lev count.
Proof.
  intros A n Hn.
  destruct (compile_ok p count lev A n Hn) as (W & D & S & V).
  split; [auto | split; [auto | split; [| auto]]]. unfold cev in S. lia.
Qed.
Print Assumptions certified_ok.

(* The circuits of a certified program are a TC0 family. *)
Corollary certified_TC0 p lev count : certified p lev count -> TC0_family lev (compile p).
Proof.
  intro C. exists (map N.to_nat count). intros n Hn.
  destruct (C n Hn) as (W & D & S & _). split; [exact W | split; [exact D |]].
  rewrite <- cev_poly, map_map, (map_ext _ (fun k => k)), map_id by apply N2Nat.id.
  unfold cev. lia.
Qed.
Print Assumptions certified_TC0.

(* Certifies a concrete program: the analysis is computed. *)
Ltac certify := apply certified_ok; vm_compute; reflexivity.
