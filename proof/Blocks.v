(* Blocks of operations: what they mean behind other values, one after the other, and from any
   tensor; and how they are certified. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Values.
Import ListNotations.
Open Scope Z_scope.

(* ---- operations behind other values ---- *)

(* An operation whose operands stand k places later. *)
Definition shift (k : nat) (o : op) : op :=
  match o with
  | OSum osh ssh w c f a => OSum osh ssh w c f (k + a)
  | OAdd a b => OAdd (k + a) (k + b)
  | OStep base js a => OStep base js (k + a)
  | OCon osh ssh fa fb a b => OCon osh ssh fa fb (k + a) (k + b)
  | OQuo lo m fd a b => OQuo lo m fd (k + a) (k + b)
  | OMax base js ssh f a => OMax base js ssh f (k + a)
  end.

(* Behind other values it has the value that it has without them. *)
Lemma sem1_shift n pre env o : sem1 n (pre ++ env) (shift (length pre) o) = sem1 n env o.
Proof. destruct o; cbn [shift sem1]; now rewrite !app_nth2_plus. Qed.

(* So have all operations of a block. *)
Lemma sems_shift n pre ops : forall env,
  sems n (map (shift (length pre)) ops) (pre ++ env) = pre ++ sems n ops env.
Proof.
  induction ops as [| o ops IH]; intro env; cbn [map sems]; auto.
  now rewrite sem1_shift, <- app_assoc, IH.
Qed.
Print Assumptions sems_shift.

(* ---- blocks ---- *)

(* A block has one input, of n positions of d features, and its last value has n positions of d'
   features. From X it computes Y. *)
Definition computes (ops : list op) (n d d' : nat) (X Y : nat -> nat -> Z) : Prop :=
  forall t, holds t n d X -> holds (nth (length ops) (sems n ops [t]) tnone) n d' Y.

(* Two blocks in sequence. *)
Definition sequence (A B : list op) : list op := A ++ map (shift (length A)) B.

(* The values after two blocks in sequence are those after the first, and those of the second from
   the last of these. *)
Lemma sems_sequence n A B t : exists pre,
  length pre = length A /\ sems n A [t] = pre ++ [nth (length A) (sems n A [t]) tnone] /\
  sems n (sequence A B) [t] = pre ++ sems n B [nth (length A) (sems n A [t]) tnone].
Proof.
  pose proof (sems_length n A [t]) as L. cbn [length Nat.add] in L.
  unfold sequence. rewrite sems_app.
  destruct (exists_last (l := sems n A [t])) as (pre & s & E).
  { intro E. now rewrite E in L. }
  rewrite E, app_length in *. cbn [length] in L.
  exists pre. assert (P : length pre = length A) by lia.
  rewrite <- P, app_nth2, Nat.sub_diag by auto. cbn [nth].
  repeat split; auto. apply sems_shift.
Qed.

(* Blocks in sequence compute one function after the other. *)
Theorem sequence_computes A B n d d' d'' X Y Y' :
  computes A n d d' X Y -> computes B n d' d'' Y Y' -> computes (sequence A B) n d d'' X Y'.
Proof.
  intros HA HB t H. destruct (sems_sequence n A B t) as (pre & P & _ & ->).
  replace (length (sequence A B)) with (length pre + length B)%nat
    by (unfold sequence; rewrite app_length, map_length; lia).
  rewrite app_nth2_plus. apply HB, HA, H.
Qed.
Print Assumptions sequence_computes.

(* The program of a block, with an input of p bits for each of d features. *)
Definition block_of (d p : nat) (ops : list op) : prog :=
  mkProg [integers [pn; [d]] p] ops [length ops].

(* What it means. *)
Theorem computes_meaning ops n d d' p x Y : computes ops n d d' (decode d p x) Y ->
  meaning (block_of d p ops) n x = flat_map (fun i => map (fun f => Y i f) (seq 0 d')) (seq 0 n).
Proof.
  intro C. unfold meaning, block_of. cbn [p_ins p_ops p_outs sems0 flat_map].
  rewrite app_nil_r. apply elements_holds, C, input_holds.
Qed.
Print Assumptions computes_meaning.

(* A block that is analysed is in TC0 and computes its function of the input for one n, with the
   bounds that the analysis finds. *)
Theorem block_certified_at ops d d' p F lev count n : (1 <= n)%nat ->
  (forall x, computes ops n d d' (decode d p x) (F (decode d p x))) ->
  analyse (block_of d p ops) = Some (count, lev) -> let c := compile (block_of d p ops) n in
  wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
  forall x, eval c x =
    flat_map (fun i => map (fun f => F (decode d p x) i f) (seq 0 d')) (seq 0 n).
Proof.
  intros Hn M A c. destruct (certified_ok _ lev count A n Hn) as (W & D & S & V).
  split; [exact W | split; [exact D | split; [exact S |]]].
  intro x. rewrite <- (computes_meaning ops n d d' p x _ (M x)). apply V.
Qed.
Print Assumptions block_certified_at.

(* The same for every n. *)
Theorem block_certified ops d d' p F lev count :
  (forall n x, (1 <= n)%nat -> computes ops n d d' (decode d p x) (F n (decode d p x))) ->
  analyse (block_of d p ops) = Some (count, lev) ->
  forall n, (1 <= n)%nat -> let c := compile (block_of d p ops) n in
  wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
  forall x, eval c x =
    flat_map (fun i => map (fun f => F n (decode d p x) i f) (seq 0 d')) (seq 0 n).
Proof. intros M A n Hn. now apply block_certified_at; auto. Qed.
Print Assumptions block_certified.

(* Meets a hypothesis about concrete parameters: sizes, inequalities, tests and the analysis. *)
Ltac compute_hypothesis := first [lia | vm_compute; reflexivity | vm_compute; discriminate].

(* Certifies a concrete program whose operations are those of a block, by the theorem about the
   block. *)
Ltac certify_block block certified :=
  lazymatch goal with
  | |- context [compile ?program _] =>
    tryif assert_succeeds (assert (program = block) by reflexivity)
    then
      apply certified; compute_hypothesis
    else fail "the program is not the block with the parameters of what is to be computed"
  end.
