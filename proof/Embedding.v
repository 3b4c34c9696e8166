(* Embeddings of tokens: their program, which computes embed of LanguageDefinitions.v; and norms of
   numbers in a range, such as embeddings. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks AttentionForms Norm LastPosition.
Import ListNotations.
Open Scope Z_scope.

(* ---- tokens ---- *)

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
Lemma embed_computes n words d table tokens : (forall i, (i < n)%nat -> (tokens i < words)%nat) ->
  computes [linear [pn; [d]] [words] 1 (columns d table) [] 0] n words d (hot tokens)
    (fun i f => word_vector table (tokens i) f).
Proof.
  intros T t H. cbn [length sems nth app].
  eapply holds_ext; [exact (linear_holds n [t] words d (columns d table) 0 _ H) |].
  intros i f I F. cbn beta. unfold project.
  rewrite (bigsum_pick words _ (tokens i) (T i I)).
  - unfold hot, columns. rewrite Nat.eqb_refl.
    rewrite (nth_indep _ [] ((fun f => map (fun row => nth f row 0) table) 0%nat))
      by now rewrite map_length, seq_length.
    rewrite (map_nth (fun f => map (fun row => nth f row 0) table)), seq_nth by auto.
    rewrite nth_feature. cbn [Z.b2z Nat.add]. lia.
  - intros w _ N. unfold hot. rewrite (proj2 (Nat.eqb_neq _ _) N). cbn [Z.b2z]. lia.
Qed.

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

(* The features, with codes of positions, before the layers. *)
Definition embedded (words d : nat) (table : list (list Z)) (C : idx -> Z) (ops : list op)
    : list op :=
  sequence [linear [pn; [d]] [words] 1 (columns d table) [] 0] (sequence [add_codes d C] ops).

(* What makes something of features with codes makes it of tokens. *)
Theorem embedded_makes n words d table C tokens ops Q :
  (forall i, (i < n)%nat -> (tokens i < words)%nat) ->
  makes ops n (fun t => holds t n d (embed table (fun i k => C [i; k]) tokens)) Q ->
  makes (embedded words d table C ops) n (fun t => holds t n words (hot tokens)) Q.
Proof.
  intros T M. unfold embedded.
  eapply computes_makes; [exact (embed_computes n words d table tokens T) |].
  eapply computes_makes; [| exact M].
  apply (coded_computes [] d d n C). intros t H. exact H.
Qed.
Print Assumptions embedded_makes.

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
