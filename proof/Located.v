(* Operations that stand anywhere in a program, of which all values are known at once; and blocks of
   n positions that are made for a single one. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Values Blocks LastPosition Steps.
Import ListNotations.
Open Scope Z_scope.

(* ---- operations in a program ---- *)

(* The values E are those of a program in which ops stand from number a on. *)
Definition runs (n : nat) (E : list tensor) (a : nat) (ops : list op) : Prop :=
  exists env more, length env = a /\ E = sems n (ops ++ more) env.

(* So stand their parts. *)
Lemma runs_app n E a A B : runs n E a (A ++ B) -> runs n E a A /\ runs n E (a + length A) B.
Proof.
  intros (env & more & L & ->). split.
  - exists env, (B ++ more). now rewrite app_assoc.
  - exists (sems n A env), more. split; [rewrite sems_length; lia |].
    now rewrite <- app_assoc, sems_app.
Qed.

(* The first operation has its value. *)
Lemma runs_first n E a o r : runs n E a (o :: r) -> (forall k, In k (reads o) -> (k < a)%nat) ->
  nth a E tnone = sem1 n E o /\ runs n E (S a) r.
Proof.
  intros (env & more & L & ->) R. cbn [app sems]. split.
  - rewrite sems_old by (rewrite app_length; cbn [length]; lia).
    rewrite <- L at 1. rewrite nth_middle. apply sem1_reads. intros k K. specialize (R k K).
    rewrite sems_old by (rewrite app_length; lia). now rewrite app_nth1 by lia.
  - exists (env ++ [sem1 n env o]), more. split; [rewrite app_length; cbn [length]; lia | easy].
Qed.

(* A block has the values that it has from its input alone. *)
Lemma runs_block n E b A : runs n E (S b) (map (shift b) A) -> forall k, (k <= length A)%nat ->
  nth (b + k) E tnone = nth k (sems n A [nth b E tnone]) tnone.
Proof.
  intros (env & more & L & ->) k K.
  destruct (exists_last (l := env)) as (pre & t & ->); [intro Q; now rewrite Q in L |].
  rewrite app_length in L. cbn [length] in L. assert (P : length pre = b) by lia. clear L. subst b.
  rewrite sems_app, sems_shift.
  assert (O : forall j, (j <= length A)%nat ->
    nth (length pre + j) (sems n more (pre ++ sems n A [t])) tnone = nth j (sems n A [t]) tnone).
  { intros j J. rewrite sems_old by (rewrite app_length, sems_length; cbn [length]; lia).
    apply app_nth2_plus. }
  rewrite O by exact K. do 2 f_equal. rewrite <- (Nat.add_0_r (length pre)) at 1.
  rewrite O by lia. now rewrite sems_old by (cbn [length]; lia).
Qed.

(* Operations that stand later, and once more later. *)
Lemma shift_shift b c ops : map (shift b) (map (shift c) ops) = map (shift (b + c)) ops.
Proof.
  rewrite map_map. apply map_ext. intro o. destruct o; cbn [shift]; now rewrite ?Nat.add_assoc.
Qed.

(* Blocks in sequence. *)
Lemma runs_sequence n E b A B : runs n E (S b) (map (shift b) (sequence A B)) ->
  runs n E (S b) (map (shift b) A) /\
  runs n E (S (b + length A)) (map (shift (b + length A)) B).
Proof.
  unfold sequence. rewrite map_app, shift_shift. intro R. apply runs_app in R.
  now rewrite map_length in R.
Qed.

(* What a block makes. *)
Lemma runs_makes n E b A P Q : runs n E (S b) (map (shift b) A) -> makes A n P Q ->
  P (nth b E tnone) -> Q (nth (b + length A) E tnone).
Proof. intros R M H. rewrite (runs_block n E b A R) by lia. now apply M. Qed.

(* ---- tensors that agree ---- *)

(* What they hold. *)
Lemma teq_holds t u n d X : teq t u -> holds u n d X -> holds t n d X.
Proof.
  intros [S E] [SH H]. split; [now rewrite S |]. intros i f I F. rewrite E. now apply H.
Qed.
Lemma teq_lists t u d X : teq t u -> lists u d X -> lists t d X.
Proof. intros [S E] [SH H]. split; [now rewrite S |]. intros f F. rewrite E. now apply H. Qed.
Lemma teq_refl t : teq t t.
Proof. split; auto. Qed.
Lemma teq_trans t u v : teq t u -> teq u v -> teq t v.
Proof. intros [S E] [S' E']. split; [congruence |]. intro i. now rewrite E. Qed.

(* ---- a single position ---- *)

(* The operation for size 1, whatever n is. *)
Definition single_sh (sh : list poly) : list poly := map (fun p => [peval p 1]) sh.
Definition single_coef (c : coef) : coef :=
  match c with CK k => CK k | CF f => CF (fun _ v => f 1%nat v) end.
Definition single_jumps (js : list (coef * Z)) : list (coef * Z) :=
  map (fun j => (single_coef (fst j), snd j)) js.
Definition single (o : op) : op :=
  match o with
  | OSum osh ssh w c f a =>
    OSum (single_sh osh) (single_sh ssh) (single_coef w) (single_coef c) f a
  | OAdd a b => OAdd a b
  | OStep base js a => OStep base (single_jumps js) a
  | OCon osh ssh fa fb a b => OCon (single_sh osh) (single_sh ssh) fa fb a b
  | OQuo lo m fd a b => OQuo lo m fd a b
  | OMax base js ssh f a => OMax base (single_jumps js) (single_sh ssh) f a
  end.

(* Lengths, constants and jumps are those for size 1. *)
Lemma single_dims n sh : dims n (single_sh sh) = dims 1 sh.
Proof.
  unfold dims, single_sh. rewrite map_map. apply map_ext. intro p. apply length_c.
Qed.
Lemma single_cval c n v : cval (single_coef c) n v = cval c 1 v.
Proof. now destruct c. Qed.
Lemma single_jumpsat js n v : jumpsat (single_jumps js) n v = jumpsat js 1 v.
Proof.
  unfold jumpsat, single_jumps. rewrite map_map. apply map_ext. intro j. cbn [fst snd].
  now rewrite single_cval.
Qed.

(* So is the value. *)
Lemma single_sem n E o : teq (sem1 n E (single o)) (sem1 1 E o).
Proof.
  destruct o; cbn [single sem1]; rewrite ?single_dims; try apply teq_refl;
    (split; [reflexivity |]); intro v; cbn [snd]; rewrite !table_eq;
    destruct (inb _ v); auto; rewrite ?single_cval, ?single_jumpsat; auto.
  f_equal. f_equal. apply map_ext. intro e. now rewrite single_cval.
Qed.

(* And the values of operations one after the other. *)
Lemma singles n ops : forall E E', Forall2 teq E E' ->
  Forall2 teq (sems n (map single ops) E) (sems 1 ops E').
Proof.
  induction ops as [| o r IH]; intros E E' H; cbn [map sems]; auto. apply IH.
  apply Forall2_app; auto. repeat constructor; eapply teq_trans; try apply single_sem;
    now apply sem1_teq.
Qed.

(* The tensor t is one position with the features x. *)
Definition row (t : tensor) (d : nat) (x : nat -> Z) : Prop := holds t 1 d (fun _ => x).
Lemma row_holds t d X : holds t 1 d X <-> row t d (X 0%nat).
Proof.
  split; intro H; (eapply holds_ext; [exact H |]); intros i f I _;
    now replace i with 0%nat by lia.
Qed.

(* The values of a block for a single position. *)
Lemma runs_single n E b A : runs n E (S b) (map (shift b) (map single A)) ->
  forall k, (k <= length A)%nat ->
  teq (nth (b + k) E tnone) (nth k (sems 1 A [nth b E tnone]) tnone).
Proof.
  intros R k K. rewrite (runs_block n E b _ R) by now rewrite map_length.
  apply teq_nth, singles. repeat constructor.
Qed.

(* What it computes. *)
Lemma single_computes n E b A d d' x Y : runs n E (S b) (map (shift b) (map single A)) ->
  computes A 1 d d' (fun _ => x) Y -> row (nth b E tnone) d x ->
  row (nth (b + length A) E tnone) d' (Y 0%nat).
Proof.
  intros R C H. apply (proj1 (row_holds _ _ Y)).
  eapply teq_holds; [now apply (runs_single n E b A R) |]. now apply C.
Qed.

(* ---- the last position of a single one ---- *)

(* As for_last of LastPosition.v; the last position is the first one. *)
Fixpoint for_one (d : nat) (at_ : list nat) (k : nat) (ops : list op) : list op :=
  match ops with
  | [] => []
  | o :: r =>
    if whole_step o at_
    then single o :: gather [[1%nat]; [d]] [IV 0; IV 1] k :: gather [[d]] [IC 0; IV 0] (k + 1) ::
      for_one d (at_ ++ [k + 2]%nat) (k + 3) r
    else single (op_behind (fun j => nth j at_ 0%nat) o) :: for_one d (at_ ++ [k]) (k + 1) r
  end.

(* The one position is the last one. *)
Lemma one_row n E E' d k : Forall2 teq E E' ->
  teq (sem1 n E (gather [[1%nat]; [d]] [IV 0; IV 1] k))
    (sem1 1 E' (from_end [[1%nat]; [d]] pn (IC 1) [IV 2; IV 1] k)).
Proof.
  intro H. apply (teq_trans _ (sem1 n E' (gather [[1%nat]; [d]] [IV 0; IV 1] k)));
    [now apply sem1_teq |].
  unfold gather, from_end. cbn [sem1]. lengths. split; [reflexivity |]. intro v. cbn [snd].
  rewrite !table_eq. destruct (inb [1%nat; d] v) eqn:V; [| reflexivity].
  destruct v as [| i [| f [| g v]]]; cbn [inb] in V; try discriminate;
    rewrite ?andb_false_r in V; try discriminate.
  apply andb_true_iff in V. destruct V as [V _]. apply Nat.ltb_lt in V.
  replace i with 0%nat by lia. reflexivity.
Qed.

(* It has the same values. *)
Lemma for_one_ok n d ops : forall at_ k E E', Forall2 teq E E' ->
  Forall2 teq (sems n (for_one d at_ k ops) E) (sems 1 (for_last d at_ k ops) E').
Proof.
  assert (More : forall E E' s t, Forall2 teq E E' -> teq s t -> Forall2 teq (E ++ [s]) (E' ++ [t]))
    by (intros; apply Forall2_app; auto).
  assert (One : forall E E' o, Forall2 teq E E' -> teq (sem1 n E (single o)) (sem1 1 E' o)).
  { intros E E' o H. eapply teq_trans; [apply single_sem | now apply sem1_teq]. }
  induction ops as [| o r IH]; intros at_ k E E' H; cbn [for_one for_last]; auto.
  destruct (whole_step o at_); cbn [last_row app sems]; apply IH.
  - apply More; [apply More; [apply More |] |]; auto.
    + apply one_row. auto.
    + assert (G : forall m E, sem1 m E (gather [[d]] [IC 0; IV 0] (k + 1)) =
        sem1 1 E (gather [[d]] [IC 0; IV 0] (k + 1)))
        by (intros; unfold gather; cbn [sem1]; now lengths).
      rewrite G. apply sem1_teq, More; [auto |]. now apply one_row, More, One.
  - apply More; auto.
Qed.

(* A block of staircases of the position: what it makes. *)
Lemma runs_one n E b d d' ops x Y : runs n E (S b) (map (shift b) (for_one d [0%nat] 1 ops)) ->
  ops <> [] -> fits [0%nat] 1 ops = true -> computes ops 1 d d' (fun _ => x) Y ->
  row (nth b E tnone) d x ->
  lists (nth (b + length (for_one d [0%nat] 1 ops)) E tnone) d' (Y 0%nat).
Proof.
  intros R O F C H. rewrite (runs_block n E b _ R) by lia.
  pose proof (for_one_ok n d ops [0%nat] 1 [nth b E tnone] [nth b E tnone]
    ltac:(repeat constructor)) as Q.
  assert (L : forall l m, Forall2 teq l m -> length l = length m)
    by (induction 1; cbn [length]; congruence).
  specialize (L _ _ Q). rewrite !sems_length in L. cbn [length] in L.
  eapply teq_lists; [apply teq_nth; exact Q |].
  replace (length (for_one d [0%nat] 1 ops)) with (length (last_of_stairs d ops))
    by (unfold last_of_stairs; lia).
  now apply (last_of_stairs_computes d d' 1 ops (fun _ => x) Y (le_n 1) O C F).
Qed.
Print Assumptions runs_one.
