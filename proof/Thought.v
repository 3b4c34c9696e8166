(* Chain of thought: a language model that appends its token and reads on, and keeps the keys and
   values of what it has read. Each token is the one that follows from the whole sequence before it,
   as LanguageDefinitions.v has it. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks AttentionForms Norm StairNorm Layer.
From TC0 Require Import LastPosition Embedding Transformer Steps Located KeptAttention Decoder.
From TC0 Require Import DecoderStack.
Import ListNotations.
Open Scope Z_scope.

(* ---- the model ---- *)

(* The leftmost of the greatest of the same numbers. *)
Lemma leftmost_ext m f g : (forall k, f k = g k) -> leftmost m f = leftmost m g.
Proof.
  intro H. unfold leftmost, greatest. rewrite (map_ext f g H), (H 0%nat). f_equal.
  apply filter_ext. intro k. now rewrite H.
Qed.

Section Model.
  Variables (words d : nat) (table : list (list Z)) (codes : nat -> nat -> Z).
  Variables (layers : list decoder) (norm : (nat -> nat -> Z) -> nat -> nat -> Z) (NL : list op).
  Variables (low high : Z).
  Local Notation sections := (list (poly * (nat * nat))).

  (* The next token after m tokens, as LanguageDefinitions.v has it. *)
  Definition next_of (m : nat) (tokens : nat -> nat) : nat :=
    next_token words d table codes (map (layer_at d m) layers) norm m tokens.

  (* ---- the operations ---- *)

  (* Logits, and the greatest of them; and a token as a position. *)
  Definition choose_ops : list op := sequence (logit_ops words d table) (greatest_ops words).
  Definition position_op (k : nat) : op :=
    gather [[1%nat]; [words]] [IAdd (IMul words (IV 0)) (IV 1)] k.

  (* The first token, from features F of the prompt. *)
  Definition first_ops (F : list op) (C : idx -> Z) : list op :=
    embedded F d C (first_layers d None layers (sequence (last_of_stairs d NL) choose_ops)).

  (* The next one, from the token that is value b, with the codes C. *)
  Definition token_ops (C : idx -> Z) : list op := sequence (hot_ops words d table) [add_codes d C].
  Definition next_ops (b : nat) (C : idx -> Z) (past : list sections) : list op :=
    let L := new_layers d None (b + 2) layers past in
    let c := (b + 2 + length L)%nat in
    let O := for_one d [0%nat] 1 NL in
    let q := (c + length O)%nat in
    map (shift b) (map single (token_ops C)) ++ L ++ map (shift c) O ++
    map (shift q) choose_ops ++ [position_op (q + 3)].

  (* The tokens after it, one for each of the codes, and the numbers of their values. *)
  Fixpoint more_ops (b : nat) (Cs : list (idx -> Z)) (past : list sections) : list op :=
    match Cs with
    | [] => []
    | C :: r =>
      let ops := next_ops b C past in
      ops ++ more_ops (b + length ops) r (more_places d None (b + 2) layers past)
    end.
  Fixpoint more_outs (b : nat) (Cs : list (idx -> Z)) (past : list sections) : list nat :=
    match Cs with
    | [] => []
    | C :: r =>
      let e := (b + length (next_ops b C past))%nat in
      (e - 1)%nat :: more_outs e r (more_places d None (b + 2) layers past)
    end.

  (* The program: steps after the first one. *)
  Definition thought_of (tokens : input) (F : list op) (C : idx -> Z) (Cs : list (idx -> Z))
      : prog :=
    let first := first_ops F C in
    let k := length first in
    let past := first_places d None (length F + 1) layers in
    mkProg [tokens] (first ++ position_op k :: more_ops (k + 1) Cs past)
      (k :: more_outs (k + 1) Cs past).

  (* ---- what is asked of the model ---- *)

  Hypothesis some_words : (1 <= words)%nat.
  Hypothesis layers_sound : all_sound d (least table + low) (most table + high) None layers.
  Hypothesis norm_local : local norm.
  Hypothesis codes_range : forall i k, low <= codes i k <= high.
  Hypothesis last_norm :
    match last_prev None layers with
    | None => False
    | Some (b, js) => forall m, stair_norm d b js NL m norm
    end.
  Hypothesis last_fits : fits [0%nat] 1 NL = true.

  (* ---- the sequence ---- *)

  (* The token after position i of a sequence of m tokens. *)
  Definition word_after (m : nat) (s : nat -> nat) (i : nat) : nat :=
    leftmost words (score_of d table (norm (from_sum (last_prev None layers)
      (last_sum d m None (embed table codes s) layers)) i)).

  (* It does not depend on tokens behind this position. *)
  Lemma word_alike m m' s s' i : (i < m)%nat -> (i < m')%nat ->
    (forall j, (j <= i)%nat -> s j = s' j) -> word_after m s i = word_after m' s' i.
  Proof.
    intros M M' E. unfold word_after. rewrite !last_stack. cbn [from_sum].
    apply leftmost_ext. intro w. unfold score_of. apply bigsum_ext. intros f _. f_equal.
    apply norm_local. intro k. eapply (stack_alike d _ _ layers m m' i None); eauto.
    intros j q J. unfold embed, with_codes. now rewrite E.
  Qed.

  (* Tokens that are thought stay. *)
  Lemma think_stays n tokens T t i : (t <= T)%nat -> (i < n + t)%nat ->
    think next_of n tokens T i = think next_of n tokens t i.
  Proof.
    induction 1 as [| T L IH]; intro I; [reflexivity |]. cbn [think].
    rewrite (proj2 (Nat.eqb_neq _ _)) by lia. now apply IH.
  Qed.

  (* Each is the token after what was there before it. *)
  Lemma think_word n tokens T t m : (1 <= n)%nat -> (t < T)%nat -> (n + t <= m)%nat ->
    think next_of n tokens T (n + t) = word_after m (think next_of n tokens T) (n + t - 1).
  Proof.
    intros Hn L M. rewrite (think_stays n tokens T (S t)) by lia. cbn [think].
    rewrite Nat.eqb_refl. unfold next_of at 1, next_token.
    rewrite (word_alike m (n + t) _ (think next_of n tokens t)); [| lia | lia |].
    - unfold word_after. rewrite last_stack. reflexivity.
    - intros j J. apply think_stays; lia.
  Qed.

  (* ---- what the operations mean ---- *)

  Variables (n : nat) (E : list tensor) (m : nat) (s : nat -> nat).
  Hypothesis some : (1 <= n)%nat.
  Hypothesis fewer : (n <= m)%nat.
  Hypothesis in_words : forall i, (i < m)%nat -> (s i < words)%nat.
  Local Notation u := (embed table codes s).
  Local Notation kept_so_far i below := (all_kept d n E m i below None u layers).

  (* The mark of a token. *)
  Definition mark (k w : nat) : Z := Z.b2z (w =? k)%nat.

  (* Features are in a range. *)
  Lemma range : in_range (least table + low) (most table + high) u.
  Proof. intros i f. now apply embed_range. Qed.

  (* The norm of a position, from its last sum. *)
  Lemma last_norm_at k y : computes NL k d d y (norm (from_sum (last_prev None layers) y)).
  Proof.
    destruct (last_prev None layers) as [[b js] |]; [| contradiction].
    apply (proj2 (last_norm k)).
  Qed.
  Lemma last_full : NL <> [].
  Proof.
    destruct (last_prev None layers) as [[b js] |]; [| contradiction].
    destruct (last_norm 1%nat) as [F _]. now destruct NL.
  Qed.
  Lemma norm_of_row k y i f :
    norm (from_sum (last_prev None layers) (fun _ : nat => y i)) k f =
    norm (from_sum (last_prev None layers) y) i f.
  Proof.
    apply norm_local. intro q. now destruct (last_prev None layers) as [[b js] |].
  Qed.

  (* The number of choose_ops. *)
  Lemma choose_length : length choose_ops = 3%nat.
  Proof. reflexivity. Qed.

  (* The choice of a token, as a list and as a position. *)
  Lemma choose_ok q i : runs n E (S q) (map (shift q) choose_ops ++ [position_op (q + 3)]) ->
    lists (nth q E tnone) d
      (norm (from_sum (last_prev None layers) (last_sum d m None u layers)) i) ->
    lists (nth (q + 3) E tnone) words (mark (word_after m s i)) /\
    row (nth (q + 4) E tnone) words (mark (word_after m s i)).
  Proof.
    intros R H. apply runs_app in R. destruct R as [R1 R]. rewrite map_length, choose_length in R.
    assert (L : lists (nth (q + 3) E tnone) words (mark (word_after m s i))).
    { exact (runs_makes n E q choose_ops _ _ R1 (next_makes words d table n _ some_words) H). }
    split; [exact L |]. destruct L as [_ L]. unfold position_op, gather in R.
    value R V. replace (S q + 3)%nat with (q + 4)%nat in V by lia. rewrite V.
    split; [cbn [sem1 fst]; now lengths |]. intros z w Z W. replace z with 0%nat by lia.
    one. rewrite Nat.mul_0_r, Nat.add_0_l. now apply L.
  Qed.

  (* A new token. *)
  Lemma next_ops_ok b C past i below : runs n E (S b) (next_ops b C past) ->
    (forall k, C [0%nat; k] = codes i k) -> (i < m)%nat ->
    row (nth b E tnone) words (mark (s i)) -> kept_so_far i below past -> (below <= S b)%nat ->
    let e := (b + length (next_ops b C past))%nat in
    lists (nth (e - 1) E tnone) words (mark (word_after m s i)) /\
    row (nth e E tnone) words (mark (word_after m s i)) /\
    kept_so_far (S i) (S e) (more_places d None (b + 2) layers past).
  Proof.
    intros R HC I Hb K B. unfold next_ops in *.
    set (L := new_layers d None (b + 2) layers past) in *.
    set (c := (b + 2 + length L)%nat) in *. set (O := for_one d [0%nat] 1 NL) in *.
    set (q := (c + length O)%nat) in *.
    apply runs_app in R. destruct R as [R1 R]. rewrite !map_length in R.
    change (S b + length (token_ops C))%nat with (S b + 2)%nat in R.
    replace (S b + 2)%nat with (S (b + 2)) in R by lia.
    apply runs_app in R. destruct R as [R2 R].
    replace (S (b + 2) + length L)%nat with (S c) in R by (subst c; lia).
    apply runs_app in R. destruct R as [R3 R]. rewrite map_length in R.
    replace (S c + length O)%nat with (S q) in R by (subst q; lia).
    assert (H2 : row (nth (b + 2) E tnone) d (u i)).
    { assert (T : computes (token_ops C) 1 words d (fun _ => mark (s i)) (fun _ => u i)).
      { unfold token_ops. eapply sequence_computes.
        - eapply hot_computes with (tokens := fun _ => s i). intros; now apply in_words.
        - intros t Ht. cbn [length].
          destruct (coded_computes [] d d 1 C _ (with_codes (fun i k => C [i; k])
            (fun _ f => word_vector table (s i) f)) ltac:(intros v Hv; exact Hv) t Ht) as [S1 H1].
          split; [exact S1 |]. intros z f Z F. replace z with 0%nat in * by lia.
          etransitivity; [exact (H1 0%nat f ltac:(lia) F) |]. unfold with_codes, embed.
          now rewrite HC. }
      exact (single_computes n E b (token_ops C) words d _ _ R1 T Hb). }
    destruct (new_layers_ok d (least table + low) (most table + high) n E m layers i
      (S (b + length (map (shift b) (map single (token_ops C)) ++ L ++ map (shift c) O ++
        map (shift q) choose_ops ++ [position_op (q + 3)])))
      None (b + 2) u past below layers_sound (or_introl range) R2 I H2 K ltac:(lia)) as [K' Hc].
    { fold L. rewrite !app_length, !map_length. change (length (token_ops C)) with 2%nat. lia. }
    fold L in Hc. fold c in Hc.
    pose proof (runs_one n E c d d NL _ _ R3 last_full last_fits (last_norm_at 1 _) Hc) as Hq.
    fold O in Hq. fold q in Hq.
    destruct (choose_ok q i R) as [H3 H4].
    { destruct Hq as [Sq Hq]. split; [exact Sq |]. intros f F. rewrite Hq by exact F.
      apply norm_of_row. }
    replace (length (map (shift b) (map single (token_ops C)) ++ L ++ map (shift c) O ++
        map (shift q) choose_ops ++ [position_op (q + 3)])) with (q + 4 - b)%nat in *.
    2: { rewrite !app_length, !map_length, choose_length.
         change (length (token_ops C)) with 2%nat. cbn [length]. subst q c. lia. }
    cbv zeta. replace (b + (q + 4 - b))%nat with (q + 4)%nat in * by (subst q c; lia).
    replace (q + 4 - 1)%nat with (q + 3)%nat by lia. auto.
  Qed.

  (* New tokens one after the other. *)
  Hypothesis next_s : forall t, (n + t < m)%nat -> s (n + t)%nat = word_after m s (n + t - 1).
  Lemma more_ok T : forall t b past below,
    runs n E (S b) (more_ops b (map (fun t => codes_from codes (n + t)) (seq t T)) past) ->
    (n + t + T < m)%nat -> row (nth b E tnone) words (mark (s (n + t))) ->
    kept_so_far (n + t) below past -> (below <= S b)%nat ->
    flat_map (fun k => elements (nth k E tnone))
      (more_outs b (map (fun t => codes_from codes (n + t)) (seq t T)) past) =
    flat_map (fun t => map (mark (s (n + t))) (seq 0 words)) (seq (S t) T).
  Proof.
    induction T as [| T IH]; intros t b past below R M Hb K B; [reflexivity |].
    cbn [seq map more_ops more_outs flat_map] in *. apply runs_app in R. destruct R as [R1 R].
    assert (HC : forall k, codes_from codes (n + t) [0%nat; k] = codes (n + t) k)
      by (intro k; unfold codes_from; cbn [nth]; now rewrite Nat.add_0_r).
    destruct (next_ops_ok b _ past (n + t) below R1 HC ltac:(lia) Hb K B) as (H1 & H2 & K').
    set (e := (b + length (next_ops b (codes_from codes (n + t)) past))%nat) in *.
    assert (W : word_after m s (n + t) = s (n + S t)%nat)
      by (rewrite next_s by lia; f_equal; lia).
    rewrite W in H1, H2. f_equal; [now apply elements_lists |].
    change (S b + length (next_ops b (codes_from codes (n + t)) past))%nat with (S e) in R.
    replace (S (n + t)) with (n + S t)%nat in K' by lia.
    apply (IH (S t) e _ (S e)); auto; lia.
  Qed.

  (* The prompt. *)
  Lemma first_length prev b rest :
    (b + length (first_layers d prev layers rest) = first_end d prev b layers + length rest)%nat.
  Proof.
    revert prev b. clear. induction layers as [| l r IH]; intros prev b; [reflexivity |].
    cbn [first_layers first_end]. rewrite <- IH. unfold sequence.
    rewrite app_length, map_length. lia.
  Qed.
  Lemma first_ok F (P : tensor -> Prop) :
    runs n E 1 (first_ops F (codes_from codes 0)) -> P (nth 0 E tnone) ->
    makes F n P (fun t => holds t n d (fun i f => word_vector table (s i) f)) ->
    let k := length (first_ops F (codes_from codes 0)) in
    lists (nth k E tnone) words (mark (word_after m s (n - 1))) /\
    kept_so_far n (S k) (first_places d None (length F + 1) layers).
  Proof.
    intros R H0 HF. cbv zeta. unfold first_ops, embedded in *.
    assert (Zero : forall l, map (shift 0) l = l)
      by (intro l; rewrite <- (map_id l) at 2; apply map_ext; now intros []).
    rewrite <- (Zero (sequence F _)) in R. apply runs_sequence in R. destruct R as [R1 R].
    pose proof (runs_makes n E 0 F _ _ R1 HF H0) as H1.
    apply runs_sequence in R. destruct R as [R2 R].
    assert (H2 : holds (nth (0 + length F + 1) E tnone) n d u).
    { apply (runs_makes n E (0 + length F) [add_codes d (codes_from codes 0)]
        (fun t => holds t n d (fun i f => word_vector table (s i) f)) (fun t => holds t n d u) R2);
        [| exact H1].
      exact (coded_computes [] d d n (codes_from codes 0) _ u (fun v Hv => Hv)). }
    change (length [add_codes d (codes_from codes 0)]) with 1%nat in R.
    rewrite Nat.add_0_l in *. set (b := (length F + 1)%nat) in *.
    set (rest := sequence (last_of_stairs d NL) choose_ops) in *.
    assert (Lk : length (sequence F (sequence [add_codes d (codes_from codes 0)]
      (first_layers d None layers rest))) = (first_end d None b layers + length rest)%nat).
    { rewrite <- first_length. subst b. unfold sequence at 1 2.
      rewrite !app_length, !map_length. cbn [app length]. rewrite map_length. lia. }
    rewrite Lk. set (c := first_end d None b layers) in *.
    destruct (first_layers_ok d (least table + low) (most table + high) n E m layers None b u rest
      (S (c + length rest)) layers_sound (or_introl range) R fewer H2 ltac:(fold c; lia))
      as (K & R' & Hc).
    fold c in R', Hc. split; [| exact K].
    apply runs_sequence in R'. destruct R' as [R3 R4].
    assert (Hq : lists (nth (c + length (last_of_stairs d NL)) E tnone) d
      (norm (from_sum (last_prev None layers) (last_sum d m None u layers)) (n - 1)%nat)).
    { destruct (runs_makes n E c _ _ _ R3 (last_of_stairs_computes d d n NL
        (last_sum d m None u layers) _ some last_full
        (last_norm_at 1 (fun _ => last_sum d m None u layers (n - 1)%nat)) last_fits) Hc)
        as [Sq Hq].
      split; [exact Sq |]. intros f Ff. rewrite Hq by exact Ff. apply norm_of_row. }
    pose proof (runs_makes n E _ _ _ _ R4 (next_makes words d table n _ some_words) Hq) as H.
    subst rest. unfold sequence at 1. rewrite app_length, map_length, Nat.add_assoc. exact H.
  Qed.
End Model.
Print Assumptions first_ok.
Print Assumptions more_ok.
