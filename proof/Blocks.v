(* Blocks of operations: what they mean behind other values, one after the other, and from any
   tensor; and the tactics that name the values of a block in order. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* ---- tactics, for values named in order ---- *)

(* The polynomial n is n. *)
Lemma dN n : peval pn n = n.
Proof. simpl. lia. Qed.

(* A constant is itself. *)
Lemma dc k n : peval [k] n = k.
Proof. simpl. lia. Qed.

(* Shapes are evaluated; an index is seen to be in range; an operation that gathers or scales has an
   element. *)
Ltac dim := unfold dims; cbn [map]; rewrite ?dN, ?dc.
Ltac bound := dim; first [apply inb3 | apply inb2 | apply inb1]; auto; nia.
Ltac one :=
  rewrite one_sem by bound; cbn [nth imap map ieval]; rewrite ?Z.mul_1_l, ?Z.add_0_l.

(* Names the value of the next operation, after values that are not known one by one. *)
Ltac after t :=
  rewrite sems_cons;
  lazymatch goal with
  | |- context [sems ?n ?r (?env ++ [?s])] => set (t := s); rewrite <- ?app_assoc; cbn [app]
  end.

(* ---- operations in sequence ---- *)

(* Operations after others continue with their values. *)
Lemma sems_app n l : forall r env, sems n (l ++ r) env = sems n r (sems n l env).
Proof. induction l; intros; simpl; auto. Qed.

(* There are as many values as there were, and one for each operation. *)
Lemma sems_length n ops : forall env, length (sems n ops env) = (length env + length ops)%nat.
Proof.
  induction ops as [| o ops IH]; intro env; cbn [sems length]; [lia |].
  rewrite IH, app_length. cbn [length]. lia.
Qed.

(* The values before stay. *)
Lemma sems_before n ops : forall env, exists l, sems n ops env = env ++ l.
Proof.
  induction ops as [| o ops IH]; intro env; cbn [sems]; [exists []; now rewrite app_nil_r |].
  destruct (IH (env ++ [sem1 n env o])) as [l ->]. rewrite <- app_assoc. eauto.
Qed.

(* Each of them has its number. *)
Lemma sems_old n ops env k : (k < length env)%nat ->
  nth k (sems n ops env) tnone = nth k env tnone.
Proof. intro K. destruct (sems_before n ops env) as [l ->]. now apply app_nth1. Qed.

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

(* The same of the values behind the first k. *)
Lemma sems_behind n ops env k : (k <= length env)%nat ->
  sems n (map (shift k) ops) env = firstn k env ++ sems n ops (skipn k env).
Proof.
  intro K. rewrite <- sems_shift, firstn_skipn. now rewrite firstn_length_le.
Qed.

(* ---- tensors of n positions ---- *)

(* The tensor t has n positions of d features, which are those of X. *)
Definition holds (t : tensor) (n d : nat) (X : nat -> nat -> Z) : Prop :=
  fst t = [n; d] /\ forall i f, (i < n)%nat -> (f < d)%nat -> snd t [i; f] = X i f.

(* It has also equal features. *)
Lemma holds_ext t n d X Y : holds t n d X ->
  (forall i f, (i < n)%nat -> (f < d)%nat -> X i f = Y i f) -> holds t n d Y.
Proof. intros [S H] E. split; [exact S |]. intros i f I F. now rewrite H, E. Qed.

(* Its elements, position by position. *)
Lemma elements_holds t n d X : holds t n d X ->
  elements t = flat_map (fun i => map (fun f => X i f) (seq 0 d)) (seq 0 n).
Proof.
  intros [S H]. unfold elements.
  rewrite S, box2, flat_map_concat_map, concat_map, map_map, flat_map_concat_map.
  f_equal. apply map_ext_in. intros i I. apply in_seq in I.
  rewrite map_map. apply map_ext_in. intros f F. apply in_seq in F.
  apply H; lia.
Qed.

(* The input of p bits for each feature. *)
Lemma input_holds n d p x : holds (sem0 (integers [pn; [d]] p) n 0 x) n d (decode d p x).
Proof.
  split; [cbn [sem0 fst integers in_shape]; now dim |]. intros i k I K. unfold sem0, wire.
  cbn [integers in_shape in_base in_bits in_place snd]. dim. rewrite table_eq, inb2 by auto.
  unfold decode, twos. cbn [ravel]. now rewrite Nat.add_0_l, Z.add_0_l.
Qed.

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

(* ---- elements of operations ---- *)

(* An element of a staircase. *)
Lemma step_sem n env base js a i : inb (fst (nth a env tnone)) i = true ->
  snd (sem1 n env (step base js a)) i = stair base js (snd (nth a env tnone) i).
Proof.
  intro I. unfold step. cbn [sem1 snd]. rewrite table_eq, I.
  unfold jumpsat. rewrite map_map. f_equal.
  rewrite <- (map_id js) at 2. apply map_ext. now intros [].
Qed.
