(* The words that an exported program is made of; what it means to be certified, and the tactic
   `certify` for concrete programs; and the lemmas and the tactic `next` that meet the meaning of
   a program, operation by operation. *)
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

(* ---- boxes of few axes ---- *)

(* A box of one axis. *)
Lemma box1 m : box [m] = map (fun k => [k]) (seq 0 m).
Proof. simpl. induction (seq 0 m); simpl; congruence. Qed.

(* A box of two axes, row by row. *)
Lemma box2 n m : box [n; m] = flat_map (fun i => map (fun k => [i; k]) (seq 0 m)) (seq 0 n).
Proof.
  change (box [n; m]) with (flat_map (fun k => map (cons k) (box [m])) (seq 0 n)).
  rewrite box1. induction (seq 0 n); simpl; auto.
  now rewrite map_map, IHl.
Qed.

(* A sum over no axis. *)
Lemma zsum_box0 (f : idx -> Z) : zsum (map f (box [])) = f [].
Proof. simpl. lia. Qed.

(* A sum over one axis. *)
Lemma zsum_box1 m (f : idx -> Z) : zsum (map f (box [m])) = bigsum m (fun k => f [k]).
Proof. rewrite box1, map_map. reflexivity. Qed.

(* When an index is in a box of one axis. *)
Lemma inb1 n i : (i < n)%nat -> inb [n] [i] = true.
Proof. intro. simpl. now rewrite (proj2 (Nat.ltb_lt i n)). Qed.

(* When an index is in a box of two axes. *)
Lemma inb2 n m i j : (i < n)%nat -> (j < m)%nat -> inb [n; m] [i; j] = true.
Proof.
  intros. simpl.
  now rewrite (proj2 (Nat.ltb_lt i n)), (proj2 (Nat.ltb_lt j m)).
Qed.

(* When an index is in a box of three axes. *)
Lemma inb3 n m k i j l :
  (i < n)%nat -> (j < m)%nat -> (l < k)%nat -> inb [n; m; k] [i; j; l] = true.
Proof.
  intros. simpl.
  now rewrite (proj2 (Nat.ltb_lt i n)), (proj2 (Nat.ltb_lt j m)), (proj2 (Nat.ltb_lt l k)).
Qed.

(* ---- the meaning of an operation ---- *)

(* A quotient is what it is meant to be if the denominator is positive. *)
Lemma quotient_pos lo m num den :
  0 < den -> quotient lo m num den = clip lo (lo + Z.of_nat m) (num / den).
Proof. intro D. unfold quotient. now rewrite (proj2 (Z.ltb_lt 0 den)). Qed.

(* An element of a weighted sum. *)
Lemma sum_sem n env osh ssh w c f a i : inb (dims n osh) i = true ->
  snd (sem1 n env (OSum osh ssh w c f a)) i =
  cval c n i +
    zsum (map (fun e => cval w n (i ++ e) * snd (nth a env tnone) (imap f (i ++ e)))
    (box (dims n ssh))).
Proof. intro H. simpl. now rewrite table_eq, H. Qed.

(* An element of a weighted sum over no axis. *)
Lemma one_sem n env osh k c f a i : inb (dims n osh) i = true ->
  snd (sem1 n env (OSum osh [] (CK k) (CK c) f a)) i = c + k * snd (nth a env tnone) (imap f i).
Proof.
  intro H. rewrite sum_sem by auto. unfold dims at 1.
  cbn [map]. rewrite zsum_box0, app_nil_r. reflexivity.
Qed.

(* The first operation of a program is its first value. *)
Lemma sems_cons n o r env : sems n (o :: r) env = sems n r (env ++ [sem1 n env o]).
Proof. reflexivity. Qed.

(* Names the value of the next operation of a program in the goal. The step is a rewrite, not a
   conversion: that one would unfold all operations, each with all those before it. *)
Ltac next t :=
  rewrite sems_cons;
  lazymatch goal with
  | |- context [sems ?n ?r (?env ++ [?s])] => set (t := s); cbn [app]
  end.
