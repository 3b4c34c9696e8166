(* Blocks for the last position alone: the operations of a block of n positions without their first
   axis. They compute for the last position what the block computes for a single one. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Values Blocks.
Import ListNotations.
Open Scope Z_scope.

(* ---- operations without the first axis ---- *)

(* An index expression where the first coordinate is 0 and is left out. *)
Fixpoint behind (e : ix) : ix :=
  match e with
  | IV 0 => IC 0
  | IV (S k) => IV k
  | IC c => IC c
  | IAdd a b => IAdd (behind a) (behind b)
  | IMul c a => IMul c (behind a)
  | IDiv a c => IDiv (behind a) c
  | IMod a c => IMod (behind a) c
  | IMin a b => IMin (behind a) (behind b)
  | ISub a b => ISub (behind a) (behind b)
  end.

(* It has the same value. *)
Lemma behind_ok v e : ieval v (behind e) = ieval (0%nat :: v) e.
Proof. induction e as [[| k] | | | | | | |]; cbn [behind ieval nth]; congruence. Qed.

(* A constant at index 0 of the first axis, of length 1. *)
Definition coef_behind (c : coef) : coef :=
  match c with CK k => CK k | CF f => CF (fun _ v => f 1%nat (0%nat :: v)) end.

(* An operation without its first axis, whose operands have the numbers g. *)
Definition op_behind (g : nat -> nat) (o : op) : op :=
  match o with
  | OSum osh ssh w c f a =>
    OSum (tl osh) ssh (coef_behind w) (coef_behind c) (map behind (tl f)) (g a)
  | OAdd a b => OAdd (g a) (g b)
  | OStep base js a => OStep base (map (fun j => (coef_behind (fst j), snd j)) js) (g a)
  | OCon osh ssh fa fb a b =>
    OCon (tl osh) ssh (map behind (tl fa)) (map behind (tl fb)) (g a) (g b)
  | _ => o
  end.

(* Whether lengths are the same for every n; whether only the first axis is that of positions;
   whether expressions name the position that the result is about. *)
Definition fixed (sh : list poly) : bool := forallb (fun p => (length p <=? 1)%nat) sh.
Definition by_position (sh : list poly) : bool :=
  match sh with [0%nat; 1%nat] :: r => fixed r | _ => false end.
Definition same_position (f : list ix) : bool := match f with IV 0 :: _ => true | _ => false end.

(* Whether an operation is about each position alone. *)
Definition alone (o : op) : bool :=
  match o with
  | OSum osh ssh _ _ f _ => by_position osh && fixed ssh && same_position f
  | OAdd _ _ | OStep _ _ _ => true
  | OCon osh ssh fa fb _ _ =>
    by_position osh && fixed ssh && same_position fa && same_position fb
  | _ => false
  end.

(* The tensor t is the only position of T. *)
Definition only (T t : tensor) : Prop :=
  fst T = 1%nat :: fst t /\ forall v, snd T (0%nat :: v) = snd t v.

(* Fixed lengths do not depend on n. *)
Lemma fixed_dims sh n m : fixed sh = true -> dims n sh = dims m sh.
Proof.
  unfold fixed, dims. rewrite forallb_forall. intro H. apply map_ext_in. intros p P.
  specialize (H p P). destruct p as [| a [| b p]]; cbn in *; [easy | lia | discriminate].
Qed.

(* What by_position says. *)
Lemma by_position_ok sh : by_position sh = true -> exists r, sh = pn :: r /\ fixed r = true.
Proof.
  destruct sh as [| [| [| a] [| [| [| b]] [| c p]]] r]; cbn [by_position]; try discriminate.
  intro H. now exists r.
Qed.

(* What same_position says. *)
Lemma same_position_ok f : same_position f = true -> exists r, f = IV 0 :: r.
Proof. destruct f as [| [[| k] | | | | | | |] r]; try discriminate. intros _. now exists r. Qed.

(* Constants have the same values, and so have expressions. *)
Lemma coef_behind_ok c n v : cval (coef_behind c) n v = cval c 1 (0%nat :: v).
Proof. now destruct c. Qed.
Lemma imap_behind r v : imap (IV 0 :: r) (0%nat :: v) = 0%nat :: imap (map behind r) v.
Proof.
  unfold imap. cbn [map ieval nth]. f_equal. rewrite map_map. apply map_ext. intro e.
  symmetry. apply behind_ok.
Qed.

(* An operation about each position alone has the same value without its first axis. *)
Lemma op_behind_ok n E E' g o : alone o = true ->
  (forall k, In k (reads o) -> only (nth k E tnone) (nth (g k) E' tnone)) ->
  only (sem1 1 E o) (sem1 n E' (op_behind g o)).
Proof.
  destruct o as [osh ssh w c f a | a b | base js a | osh ssh fa fb a b | |]; cbn [alone reads];
    rewrite ?andb_true_iff; try discriminate; intros S H.
  - destruct S as [[O F] P]. apply by_position_ok in O as (r & -> & R).
    apply same_position_ok in P as (q & ->). destruct (H a (or_introl eq_refl)) as [_ HA].
    cbn [sem1 op_behind tl fst snd]. split.
    + cbn [fst]. rewrite (fixed_dims r n 1 R). reflexivity.
    + intro v. cbn [snd]. rewrite !table_eq. rewrite (fixed_dims r n 1 R).
      change (inb (dims 1 (pn :: r)) (0%nat :: v)) with (inb (dims 1 r) v).
      destruct (inb (dims 1 r) v); [| reflexivity].
      rewrite coef_behind_ok, (fixed_dims ssh n 1 F). do 2 f_equal. apply map_ext. intro e.
      rewrite coef_behind_ok. cbn [app]. rewrite <- HA, <- imap_behind. reflexivity.
  - destruct (H a (or_introl eq_refl)) as [SA HA].
    destruct (H b (or_intror (or_introl eq_refl))) as [_ HB].
    cbn [sem1 op_behind]. split; cbn [fst snd]; [exact SA |]. intro v. rewrite !table_eq, SA.
    cbn [inb]. rewrite HA, HB. reflexivity.
  - destruct (H a (or_introl eq_refl)) as [SA HA].
    cbn [sem1 op_behind]. split; cbn [fst snd]; [exact SA |]. intro v. rewrite !table_eq, SA.
    cbn [inb]. rewrite HA. change (0 <? 1)%nat with true. cbn [andb].
    replace (jumpsat (map (fun j => (coef_behind (fst j), snd j)) js) n v)
      with (jumpsat js 1 (0%nat :: v)); [reflexivity |].
    unfold jumpsat. rewrite map_map. apply map_ext. intro j. cbn [fst snd].
    now rewrite coef_behind_ok.
  - destruct S as [[[O F] P] Q]. apply by_position_ok in O as (r & -> & R).
    apply same_position_ok in P as (q & ->). apply same_position_ok in Q as (q' & ->).
    destruct (H a (or_introl eq_refl)) as [_ HA].
    destruct (H b (or_intror (or_introl eq_refl))) as [_ HB].
    cbn [sem1 op_behind tl fst snd]. split.
    + cbn [fst]. rewrite (fixed_dims r n 1 R). reflexivity.
    + intro v. cbn [snd]. rewrite !table_eq. rewrite (fixed_dims r n 1 R).
      change (inb (dims 1 (pn :: r)) (0%nat :: v)) with (inb (dims 1 r) v).
      destruct (inb (dims 1 r) v); [| reflexivity].
      rewrite (fixed_dims ssh n 1 F). f_equal. apply map_ext. intro e. cbn [app].
      rewrite <- HA, <- HB, <- !imap_behind. reflexivity.
Qed.

(* ---- the last position ---- *)

(* The last position of value a, of d features: two operations, of which k is the number of the
   first. *)
Definition last_row (d a k : nat) : list op :=
  [ from_end [[1%nat]; [d]] pn (IC 1) [IV 2; IV 1] a; gather [[d]] [IC 0; IV 0] k ].

(* The tensor t is a list of d numbers, those of Y. *)
Definition lists (t : tensor) (d : nat) (Y : nat -> Z) : Prop :=
  fst t = [d] /\ forall f, (f < d)%nat -> snd t [f] = Y f.

(* It is the last position. *)
Lemma last_row_ok n env d a X : (1 <= n)%nat -> (a < length env)%nat ->
  holds (nth a env tnone) n d X -> exists t1 t2,
  sems n (last_row d a (length env)) env = env ++ [t1; t2] /\ fst t2 = [d] /\
  (forall f, (f < d)%nat -> snd t2 [f] = X (n - 1)%nat f) /\
  (forall v, inb [d] v = false -> snd t2 v = 0).
Proof.
  intros Hn A [_ H]. unfold last_row. cbn [sems].
  set (t1 := sem1 n env (from_end _ _ _ _ _)). set (t2 := sem1 n (env ++ [t1]) _).
  exists t1, t2. rewrite <- app_assoc. split; [reflexivity |].
  split; [subst t2; cbn [sem1 gather fst]; now lengths |]. split.
  - intros f F. subst t2. follow. rewrite nth_middle. subst t1. unfold from_end.
    rewrite sum_sem by inside. lengths. rewrite zsum_box1.
    cbn [cval app nth imap map ieval length]. rewrite length_n, Z.add_0_l.
    rewrite (bigsum_pick n _ (n - 1)).
    + replace (n - 1 + 1 =? n)%nat with true by (symmetry; apply Nat.eqb_eq; lia).
      rewrite H by lia. lia.
    + lia.
    + intros k K N. rewrite (proj2 (Nat.eqb_neq (k + 1) n)) by lia. reflexivity.
  - intros v V. subst t2. unfold gather. cbn [sem1 snd]. rewrite table_eq. lengths. now rewrite V.
Qed.

(* A staircase of the whole value 0. *)
Definition whole_step (o : op) (at_ : list nat) : bool :=
  match o with OStep _ _ 0 => (nth 0 at_ 0 =? 0)%nat | _ => false end.

(* A block for the last position alone: k is the number of its first operation, and at_ has the
   numbers of the values before. There number 0 is that of value 0 with all positions, of which only
   staircases are made before the last position is taken. *)
Fixpoint for_last (d : nat) (at_ : list nat) (k : nat) (ops : list op) : list op :=
  match ops with
  | [] => []
  | o :: r =>
    if whole_step o at_ then o :: last_row d k (k + 1) ++ for_last d (at_ ++ [k + 2]%nat) (k + 3) r
    else op_behind (fun j => nth j at_ 0%nat) o :: for_last d (at_ ++ [k]) (k + 1) r
  end.

(* Whether this can be done. *)
Definition constant (js : list (coef * Z)) : bool :=
  forallb (fun j => match fst j with CK _ => true | _ => false end) js.
Fixpoint fits (at_ : list nat) (k : nat) (ops : list op) : bool :=
  match ops with
  | [] => true
  | o :: r =>
    if whole_step o at_
    then match o with OStep _ js _ => constant js | _ => false end &&
      fits (at_ ++ [k + 2]%nat) (k + 3) r
    else alone o && forallb (fun j => negb (nth j at_ 0 =? 0)%nat) (reads o) &&
      fits (at_ ++ [k]) (k + 1) r
  end.

Section Last.
  Variables (d n : nat).
  Variable X : nat -> nat -> Z.
  Hypothesis some : (1 <= n)%nat.

  (* The values E of a single position, and the values E' for the last one of n. *)
  Definition follows (E E' : list tensor) (at_ : list nat) : Prop :=
    length at_ = length E /\ (1 <= length E')%nat /\
    (forall j, nth j at_ 0%nat <> 0%nat ->
      (nth j at_ 0 < length E')%nat /\ only (nth j E tnone) (nth (nth j at_ 0%nat) E' tnone)) /\
    (nth 0 at_ 0%nat = 0%nat -> (1 <= length E)%nat /\ holds (nth 0 E' tnone) n d X /\
      holds (nth 0 E tnone) 1 d (fun _ => X (n - 1)%nat)).

  (* One value more. *)
  Lemma follows_more E E' at_ s l k : follows E E' at_ -> k <> 0%nat ->
    (k < length (E' ++ l))%nat -> only s (nth k (E' ++ l) tnone) ->
    follows (E ++ [s]) (E' ++ l) (at_ ++ [k]).
  Proof.
    intros (L & P & R & W) K Lk O. split; [rewrite !app_length, L; reflexivity |].
    split; [rewrite app_length; lia |]. split.
    - intros j J. destruct (Nat.lt_ge_cases j (length at_)) as [C | C].
      + rewrite app_nth1 in * by auto. destruct (R j J) as [Q S].
        rewrite app_length. split; [lia |]. rewrite app_nth1 by lia. now rewrite app_nth1 by lia.
      + destruct (Nat.eq_dec j (length at_)) as [-> | N].
        * rewrite nth_middle in *. split; [exact Lk |]. rewrite L, nth_middle. exact O.
        * rewrite nth_overflow in J by (rewrite app_length; cbn [length]; lia). lia.
    - intro Z. destruct at_ as [| a at_].
      + cbn in Z. contradiction.
      + cbn [app nth] in Z. destruct (W Z) as (LE & HW & H1).
        rewrite app_length. split; [lia |]. now rewrite !app_nth1 by lia.
  Qed.

  (* The last value for the last position is that of a single one. *)
  Lemma for_last_ok ops : forall E E' at_, fits at_ (length E') ops = true -> follows E E' at_ ->
    ops <> [] \/ only (last E tnone) (last E' tnone) ->
    only (last (sems 1 ops E) tnone) (last (sems n (for_last d at_ (length E') ops) E') tnone).
  Proof.
    induction ops as [| o r IH]; intros E E' at_ S F N; cbn [sems for_last].
    { destruct N as [N | N]; [contradiction | exact N]. }
    cbn [fits] in S. destruct (whole_step o at_) eqn:W.
    - destruct o as [| | base js [| a] | | |]; try discriminate W.
      cbn [whole_step] in W. apply Nat.eqb_eq in W. apply andb_true_iff in S as [C S].
      pose proof F as (_ & P & _ & R). destruct (R W) as (LE & HW & H1).
      assert (J : forall m v, jumpsat js m v = map (fun j => (cval (fst j) 0 [], snd j)) js).
      { intros m v. unfold jumpsat. apply map_ext_in. intros j I.
        unfold constant in C. rewrite forallb_forall in C. specialize (C j I).
        now destruct (fst j). }
      set (js' := map (fun j => (cval (fst j) 0%nat [], snd j)) js) in *.
      set (s := sem1 1 E (OStep base js 0)). cbn [sems app].
      set (t0 := sem1 n E' (OStep base js 0)).
      assert (T0 : holds (nth (length E') (E' ++ [t0]) tnone) n d
        (fun i f => stair base js' (X i f))).
      { rewrite nth_middle. subst t0. cbn [sem1]. destruct HW as [SW HW]. split; [exact SW |].
        intros i f I Ff. cbn [snd]. rewrite table_eq, SW, inb2, J by auto. now rewrite HW. }
      rewrite sems_app. replace (length E' + 1)%nat with (length (E' ++ [t0]))
        by (rewrite app_length; reflexivity).
      destruct (last_row_ok n (E' ++ [t0]) d (length E')
        (fun i f => stair base js' (X i f)) some)
        as (t1 & t2 & -> & S2 & H2 & Z2); [rewrite app_length; cbn [length]; lia | exact T0 |].
      replace (length E' + 3)%nat with (length ((E' ++ [t0]) ++ [t1; t2])) in *
        by (rewrite !app_length; cbn [length]; lia).
      rewrite <- app_assoc in *. cbn [app] in *.
      assert (O : only s t2).
      { destruct H1 as [S1 H1]. subst s. cbn [sem1]. split; cbn [fst snd].
        - now rewrite S1, S2.
        - intro v. rewrite table_eq, S1.
          change (inb [1%nat; d] (0%nat :: v)) with (inb [d] v).
          destruct (inb [d] v) eqn:V; [| symmetry; now apply Z2].
          destruct v as [| f [| g v]]; cbn [inb] in V; [discriminate | |];
            rewrite ?andb_false_r in V; [| discriminate].
          rewrite andb_true_r in V. apply Nat.ltb_lt in V.
          rewrite J, H1, H2 by auto. reflexivity. }
      apply IH; [exact S | |].
      + apply follows_more; [exact F | lia | rewrite app_length; cbn [length]; lia |].
        rewrite app_nth2_plus. exact O.
      + right. rewrite last_last.
        replace (E' ++ [t0; t1; t2]) with ((E' ++ [t0; t1]) ++ [t2]) by now rewrite <- app_assoc.
        now rewrite last_last.
    - rewrite !andb_true_iff in S. destruct S as [[A R] S]. cbn [sems].
      set (s := sem1 1 E o). set (t := sem1 n E' _).
      assert (O : only s t).
      { apply op_behind_ok; [exact A |]. intros k K. rewrite forallb_forall in R.
        specialize (R k K). apply negb_true_iff, Nat.eqb_neq in R. now apply F. }
      replace (length E' + 1)%nat with (length (E' ++ [t])) in *
        by (rewrite app_length; reflexivity).
      apply IH; [exact S | |].
      + destruct F as (L & P & F). apply follows_more; [now split; [| split] | lia | |].
        * rewrite app_length. cbn [length]. lia.
        * rewrite nth_middle. exact O.
      + right. now rewrite !last_last.
  Qed.
End Last.

(* ---- blocks that end in lists ---- *)

(* The last value of a block, which has one input, is Q if the input is P. *)
Definition makes (ops : list op) (n : nat) (P Q : tensor -> Prop) : Prop :=
  forall t, P t -> Q (nth (length ops) (sems n ops [t]) tnone).

(* Blocks in sequence. *)
Lemma sequence_makes A B n P Q R : makes A n P Q -> makes B n Q R -> makes (sequence A B) n P R.
Proof.
  intros HA HB t H. destruct (sems_sequence n A B t) as (pre & E & _ & ->).
  replace (length (sequence A B)) with (length pre + length B)%nat
    by (unfold sequence; rewrite app_length, map_length; lia).
  rewrite app_nth2_plus. apply HB, HA, H.
Qed.

(* The first of which computes a tensor of positions. *)
Lemma computes_makes A B n d d' X Y R : computes A n d d' X Y ->
  makes B n (fun t => holds t n d' Y) R -> makes (sequence A B) n (fun t => holds t n d X) R.
Proof. intros C M. exact (sequence_makes A B n _ (fun t => holds t n d' Y) R C M). Qed.

(* The last value of a block by its number. *)
Lemma last_value n ops env t : length env = S t ->
  last (sems n ops env) tnone = nth (t + length ops) (sems n ops env) tnone.
Proof.
  intro L. pose proof (sems_length n ops env) as E. rewrite L in E.
  destruct (exists_last (l := sems n ops env)) as (pre & s & Q); [intro Q; now rewrite Q in E |].
  rewrite Q, app_length in *. cbn [length] in E. rewrite last_last.
  replace (t + length ops)%nat with (length pre) by lia. now rewrite nth_middle.
Qed.

(* A block of staircases of the input, for the last position: it computes a list of d' numbers. *)
Definition last_of_stairs (d : nat) (ops : list op) : list op := for_last d [0%nat] 1 ops.

(* Another block for the last position. *)
Definition last_of (d : nat) (ops : list op) : list op :=
  last_row d 0 1 ++ for_last d [2%nat] 3 ops.

(* From X they compute what the block computes from the last position of X. *)
Section Computes.
  Variables (d d' n : nat) (ops : list op) (X Y : nat -> nat -> Z).
  Hypothesis some : (1 <= n)%nat.
  Hypothesis full : ops <> [].
  Hypothesis single : computes ops 1 d d' (fun _ => X (n - 1)%nat) Y.

  (* From the value for a single position to that for the last one. *)
  Lemma single_lists T s : holds T 1 d (fun _ => X (n - 1)%nat) ->
    only (last (sems 1 ops [T]) tnone) s -> lists s d' (Y 0%nat).
  Proof.
    intros H [S O]. rewrite (last_value 1 ops [T] 0 eq_refl) in S, O. cbn [Nat.add] in S, O.
    destruct (single T H) as [S1 H1]. rewrite S1 in S. injection S as S. split; [now symmetry |].
    intros f F. rewrite <- O. apply H1; [lia | exact F].
  Qed.

  Theorem last_of_stairs_computes : fits [0%nat] 1 ops = true ->
    makes (last_of_stairs d ops) n (fun t => holds t n d X) (fun t => lists t d' (Y 0%nat)).
  Proof.
    intros S t Ht. set (T := ([1%nat; d], fun v : idx => X (n - 1)%nat (nth 1 v 0%nat))).
    assert (HT : holds T 1 d (fun _ => X (n - 1)%nat)) by (split; reflexivity).
    apply (single_lists T); [exact HT |].
    pose proof (last_value n (last_of_stairs d ops) [t] 0 eq_refl) as E. cbn [Nat.add] in E.
    rewrite <- E. apply (for_last_ok d n X some ops [T] [t] [0%nat] S); [| now left].
    split; [reflexivity |]. split; [cbn [length]; lia |]. split.
    - intros [| [| j]] J; cbn in J; contradiction.
    - intros _. split; [cbn [length]; lia |]. now split.
  Qed.

  Theorem last_of_computes : fits [2%nat] 3 ops = true ->
    makes (last_of d ops) n (fun t => holds t n d X) (fun t => lists t d' (Y 0%nat)).
  Proof.
    intros S t Ht. pose proof (last_value n (last_of d ops) [t] 0 eq_refl) as E.
    cbn [Nat.add] in E. rewrite <- E. clear E. unfold last_of. rewrite sems_app.
    destruct (last_row_ok n [t] d 0 X some) as (t1 & t2 & L & S2 & H2 & _);
      [cbn [length]; lia | exact Ht |].
    cbn [length app] in L. rewrite L. set (T := (1%nat :: fst t2, fun v : idx => snd t2 (tl v))).
    assert (HT : holds T 1 d (fun _ => X (n - 1)%nat)).
    { split; [cbn [fst T]; now rewrite S2 |]. intros i f _ F. now apply H2. }
    apply (single_lists T); [exact HT |].
    apply (for_last_ok d n X some ops [T] [t; t1; t2] [2%nat] S); [| now left].
    split; [reflexivity |]. split; [cbn [length]; lia |]. split.
    - intros [| [| j]] J; cbn in J; try contradiction. split; [cbn [length nth]; lia |].
      split; reflexivity.
    - intro Q. discriminate Q.
  Qed.
End Computes.
Print Assumptions last_of_stairs_computes.
Print Assumptions last_of_computes.
