(* Embeddings of tokens: their program, which computes embed of LanguageDefinitions.v; and norms of
   numbers in a range, such as embeddings. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks AttentionForms Norm LastPosition.
Import ListNotations.
Open Scope Z_scope.

(* An element of a list of the values of a function. *)
Lemma nth_seq {A} (g : nat -> A) m k z : (k < m)%nat -> nth k (map g (seq 0 m)) z = g k.
Proof.
  intro K. rewrite (nth_indep _ z (g 0%nat)) by now rewrite map_length, seq_length.
  now rewrite map_nth, seq_nth.
Qed.

(* ---- tokens in one-hot codes ---- *)

(* The one-hot codes of tokens, as numbers. *)
Definition hot (tokens : nat -> nat) (i w : nat) : Z := Z.b2z (w =? tokens i)%nat.

(* The input has them. *)
Lemma hot_holds n words tokens x : one_hot words n tokens x ->
  holds (sem0 (booleans [pn; [words]]) n 0 x) n words (hot tokens).
Proof.
  intro T. split; [cbn [sem0 fst booleans in_shape]; now lengths |]. intros i w I W.
  destruct (T i I) as [_ H]. unfold sem0, wire, hot.
  cbn [booleans in_shape in_base in_bits in_place snd]. lengths. rewrite table_eq, inb2 by auto.
  cbn [seq map zsum ravel]. rewrite <- (H w W).
  rewrite Nat.mul_0_l, Nat.mul_1_r, !Nat.add_0_l, Nat.add_0_r. lia.
Qed.

(* The rows of a table as columns, for d features. *)
Definition columns (d : nat) (table : list (list Z)) : list (list Z) :=
  map (fun f => map (fun row => nth f row 0) table) (seq 0 d).

(* A list of features of words. *)
Lemma nth_feature table w f : nth w (map (fun row => nth f row 0) table) 0 = word_vector table w f.
Proof.
  unfold word_vector. rewrite <- (map_nth (fun row => nth f row 0)). now destruct f.
Qed.

(* They give the features of tokens. *)
Definition hot_ops (words d : nat) (table : list (list Z)) : list op :=
  [linear [pn; [d]] [words] 1 (columns d table) [] 0].
Lemma hot_computes n words d table tokens : (forall i, (i < n)%nat -> (tokens i < words)%nat) ->
  computes (hot_ops words d table) n words d (hot tokens)
    (fun i f => word_vector table (tokens i) f).
Proof.
  intros T t H. cbn [length sems nth app].
  eapply holds_ext; [exact (linear_holds n [t] words d (columns d table) 0 _ H) |].
  intros i f I F. cbn beta. unfold project.
  rewrite (bigsum_pick words _ (tokens i) (T i I)).
  - unfold hot, columns. rewrite Nat.eqb_refl.
    rewrite nth_seq, nth_feature by auto. cbn [Z.b2z]. lia.
  - intros w _ N. unfold hot. rewrite (proj2 (Nat.eqb_neq _ _) N). cbn [Z.b2z]. lia.
Qed.

(* ---- tokens in binary ---- *)

(* The tensor t has the numbers of n tokens. *)
Definition numbers (n : nat) (tokens : nat -> nat) (t : tensor) : Prop :=
  forall i, (i < n)%nat -> snd t [i] = Z.of_nat (tokens i).

(* The input has them. *)
Lemma numbers_hold n words p tokens x : binary words p n tokens x ->
  numbers n tokens (sem0 (naturals [pn] p) n 0 x).
Proof.
  intros T i I. destruct (T i I) as [_ <-]. unfold sem0, wire.
  cbn [naturals in_shape in_base in_bits in_place snd]. lengths. rewrite table_eq, inb1 by auto.
  cbn [ravel]. now rewrite Nat.mul_0_l, !Nat.add_0_l, Z.add_0_l.
Qed.

(* Row t of a table is the first one and the differences up to it. *)
Lemma rows_up m t (g : nat -> Z) : (t <= m)%nat ->
  g 0%nat + bigsum m (fun q => (g (q + 1)%nat - g q) * Z.b2z (Z.of_nat (q + 1) <=? Z.of_nat t)) =
    g t.
Proof.
  intro L. replace (g t) with (g (Nat.min t m)) by (f_equal; lia). clear L.
  induction m as [| m IH]; [rewrite Nat.min_0_r; unfold bigsum; cbn [seq map zsum]; lia |].
  rewrite bigsum_S, Z.add_assoc, IH. destruct (Z.leb_spec (Z.of_nat (m + 1)) (Z.of_nat t)).
  - replace (Nat.min t (S m)) with (m + 1)%nat by lia. replace (Nat.min t m) with m by lia.
    cbn [Z.b2z]. lia.
  - replace (Nat.min t (S m)) with t by lia. replace (Nat.min t m) with t by lia.
    cbn [Z.b2z]. lia.
Qed.

(* The differences of the rows of a table of m + 1 words, as columns. *)
Definition differences (d m : nat) (table : list (list Z)) : list (list Z) :=
  map (fun f => map (fun q => nth f (nth (q + 1) table []) 0 - nth f (nth q table []) 0) (seq 0 m))
    (seq 0 d).

(* Marks of how large a token is give its features. *)
Definition binary_ops (words d : nat) (table : list (list Z)) : list op :=
  let m := (words - 1)%nat in
  [ gather [pn; [m]] [IV 0] 0; marks m 1 1;
    linear [pn; [d]] [m] 1 (differences d m table) (nth 0 table []) 2 ].
Lemma binary_makes n words d table tokens : (2 <= words)%nat ->
  (forall i, (i < n)%nat -> (tokens i < words)%nat) ->
  makes (binary_ops words d table) n (numbers n tokens)
    (fun t => holds t n d (fun i f => word_vector table (tokens i) f)).
Proof.
  intros W T t H. unfold binary_ops. cbn [length]. cbv zeta. set (m := (words - 1)%nat).
  next t1.
  assert (H1 : fst t1 = [n; m] /\ forall i q, (i < n)%nat -> (q < m)%nat ->
    snd t1 [i; q] = Z.of_nat (tokens i)).
  { subst t1. split; [cbn [sem1 gather fst]; now lengths |]. intros i q I Q. follow. now apply H. }
  clearbody t1. destruct H1 as [S1 H1].
  next t2.
  assert (H2 : forall i q, (i < n)%nat -> (q < m)%nat ->
    snd t2 [i; q] = Z.b2z (Z.of_nat (q + 1) <=? Z.of_nat (tokens i))).
  { subst t2. intros i q I Q. unfold marks. cbn [sem1 nth snd].
    rewrite table_eq, S1, inb2, H1 by auto. unfold stair, jumpsat. cbn [map fst snd zsum].
    replace (cval (ints (map Z.of_nat (seq 1 m)) 1) n [i; q]) with (Z.of_nat (q + 1)).
    - now destruct (_ <=? _).
    - destruct m as [| m']; [lia |]. set (l := map Z.of_nat (seq 1 (S m'))).
      change (Z.of_nat (q + 1) = nth q l 0). subst l.
      rewrite (nth_indep _ 0 (Z.of_nat 0)) by now rewrite map_length, seq_length.
      rewrite map_nth, seq_nth by auto. f_equal. lia. }
  clearbody t2.
  next t3. cbn [sems nth]. subst t3.
  eapply holds_ext; [apply linear_sem with (X := fun i q =>
    Z.b2z (Z.of_nat (q + 1) <=? Z.of_nat (tokens i))); exact H2 |].
  intros i f I F. cbn beta. unfold word_vector, differences.
  rewrite nth_seq by exact F.
  rewrite <- (rows_up m (tokens i) (fun w => nth f (nth w table []) 0))
    by (specialize (T i I); subst m; lia).
  f_equal. apply bigsum_ext. intros q Q. f_equal.
  now rewrite nth_seq by exact Q.
Qed.

(* ---- embeddings ---- *)

(* The least and the greatest number of a table, and 0. *)
Definition least (table : list (list Z)) : Z := fold_right Z.min 0 (concat table).
Definition most (table : list (list Z)) : Z := fold_right Z.max 0 (concat table).

(* They bound features; with codes in a range these are in the sum of both. *)
Lemma embed_range table low high codes tokens i f : (forall i f, low <= codes i f <= high) ->
  least table + low <= embed table codes tokens i f <= most table + high.
Proof.
  intro C. specialize (C i f). unfold embed, with_codes.
  enough (least table <= word_vector table (tokens i) f <= most table) by lia.
  assert (Z0 : forall l, fold_right Z.min 0 l <= 0 <= fold_right Z.max 0 l)
    by (induction l; cbn [fold_right]; lia).
  assert (A : forall l a, In a l -> fold_right Z.min 0 l <= a <= fold_right Z.max 0 l).
  { induction l as [| b l IH]; intros a [].
    - subst b. cbn [fold_right]. lia.
    - specialize (IH a ltac:(assumption)). cbn [fold_right]. lia. }
  unfold word_vector, least, most. specialize (Z0 (concat table)).
  destruct (Nat.lt_ge_cases (tokens i) (length table)) as [W | W];
    [| rewrite (nth_overflow table) by auto; destruct f; cbn [nth]; lia].
  set (row := nth (tokens i) table []) in *.
  destruct (Nat.lt_ge_cases f (length row)) as [F | F]; [| rewrite nth_overflow by auto; lia].
  apply A, in_concat. exists row. split; apply nth_In; auto.
Qed.

(* The features F of tokens, with codes of positions, before the layers. *)
Definition embedded (F : list op) (d : nat) (C : idx -> Z) (ops : list op) : list op :=
  sequence F (sequence [add_codes d C] ops).

(* What makes something of features with codes makes it of tokens. *)
Lemma embedded_makes F P n d table C tokens ops Q :
  makes F n P (fun t => holds t n d (fun i f => word_vector table (tokens i) f)) ->
  makes ops n (fun t => holds t n d (embed table (fun i k => C [i; k]) tokens)) Q ->
  makes (embedded F d C ops) n P Q.
Proof.
  intros T M. eapply sequence_makes; [exact T |]. eapply computes_makes; [| exact M].
  apply (coded_computes [] d d n C). intros t H. exact H.
Qed.

(* ---- norms of numbers in a range ---- *)

(* An RMS norm and a layer norm of numbers in a range. *)
Lemma rms_of_range d root2 eps gains offsets unit lo levels B low high n x :
  0 <= root2 -> 0 <= eps -> (forall i f, low <= x i f <= high) ->
  squares_below B (Z.max (- low) high) gains = true ->
  computes (rms_ops d root2 eps gains offsets unit lo levels B) n d d x
    (rms_norm d root2 eps gains offsets unit lo levels x).
Proof.
  intros R E H S. apply rms_computes; auto. intros i f _ _.
  eapply squares_below_ok; [exact S |]. specialize (H i f). lia.
Qed.
Lemma layer_norm_of_range d root2 eps gains offsets unit lo levels B low high n x :
  0 <= root2 -> 0 <= eps -> (forall i f, low <= x i f <= high) ->
  squares_below B ((Z.of_nat d - 1) * (high - low)) gains = true ->
  computes (layer_norm_ops d root2 eps gains offsets unit lo levels B) n d d x
    (layer_norm d root2 eps gains offsets unit lo levels x).
Proof.
  intros R E H S. apply layer_norm_computes; auto. intros i f _ F.
  eapply squares_below_ok; [exact S |]. apply centred_range; auto.
Qed.

(* Norms are in the range that they are clipped to. *)
Lemma norm_range d root2 eps gains offsets unit lo levels x i f :
  lo <= rms_norm d root2 eps gains offsets unit lo levels x i f <= lo + Z.of_nat levels.
Proof.
  unfold rms_norm. induction levels as [| m IH]; [unfold bigsum; cbn [seq map zsum]; lia |].
  rewrite bigsum_S. destruct (norm_reaches _ _ _ _ _ _ _ _ _ _); cbn [Z.b2z]; lia.
Qed.
