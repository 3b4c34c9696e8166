(* Layers of a decoder, which keeps keys and values: at a new position they compute what they do of
   the whole sequence, since a layer with a causal mask sees no later position. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks Attention CausalAttention Norm StairNorm.
From TC0 Require Import Layer LastPosition Embedding Transformer Steps Located KeptAttention.
Import ListNotations.
Open Scope Z_scope.

(* The numbers of a layer with norms before, as LayerDefinitions.v and Definitions.v have them, and
   the operations of its norms. *)
Record decoder := mkDecoder {
  heads : nat; width : nat;
  WQ : list (list Z); WK : list (list Z); WV : list (list Z);
  base : Z; jumps : list (Z * Z); unit : Z; lo : Z; levels : nat;
  hidden : nat; parts : Z;
  WO : list (list Z); WU : list (list Z); WD : list (list Z);
  base1 : Z; jumps1 : list (Z * Z); baseU : Z; jumpsU : list (Z * Z);
  base2 : Z; jumps2 : list (Z * Z);
  norm1 : (nat -> nat -> Z) -> nat -> nat -> Z; norm2 : (nat -> nat -> Z) -> nat -> nat -> Z;
  N1 : list op; N2 : list op }.

(* A function of each position alone. *)
Definition local (f : (nat -> nat -> Z) -> nat -> nat -> Z) : Prop :=
  forall x y i j, (forall k, x i k = y j k) -> forall k, f x i k = f y j k.

(* Norms are. *)
Lemma rms_local d root2 eps gains offsets unit lo levels :
  local (rms_norm d root2 eps gains offsets unit lo levels).
Proof.
  intros x y i j E k. unfold rms_norm. f_equal. apply bigsum_ext. intros q _.
  unfold norm_reaches, radicand. rewrite E. do 4 f_equal. apply bigsum_ext.
  intros f _. now rewrite E.
Qed.
Lemma layer_norm_local d root2 eps gains offsets unit lo levels :
  local (layer_norm d root2 eps gains offsets unit lo levels).
Proof.
  intros x y i j E. apply rms_local. intro k. unfold centred. rewrite E. f_equal.
  apply bigsum_ext. intros f _. apply E.
Qed.

Section Layers.
  Variable d : nat.

  (* Attention over m positions, the last residual sum of a layer, and the layer. *)
  Definition attention_at (m : nat) (l : decoder) : (nat -> nat -> Z) -> nat -> nat -> Z :=
    attend_causal d (width l) (WQ l) (WK l) (WV l) (base l) (jumps l) (unit l) (lo l) (levels l) m.
  Definition sum_at (m : nat) (l : decoder) : (nat -> nat -> Z) -> nat -> nat -> Z :=
    layer_sum d (hidden l) (parts l) (WO l) (WU l) (WD l) (base1 l) (jumps1 l) (baseU l) (jumpsU l)
      (norm1 l) (norm2 l) (attention_at m l).
  Definition layer_at (m : nat) (l : decoder) : (nat -> nat -> Z) -> nat -> nat -> Z :=
    pre_norm_layer d (hidden l) (parts l) (WO l) (WU l) (WD l) (base1 l) (jumps1 l) (baseU l)
      (jumpsU l) (base2 l) (jumps2 l) (norm1 l) (norm2 l) (attention_at m l).

  (* A layer reads x itself, or the sum of the layer before, of which x is a staircase. *)
  Definition from_sum (prev : option (Z * list (Z * Z))) (u : nat -> nat -> Z) : nat -> nat -> Z :=
    match prev with None => u | Some (b, js) => fun i f => stair b js (u i f) end.
  Definition after (l : decoder) : option (Z * list (Z * Z)) := Some (base2 l, jumps2 l).

  (* Numbers in a range. *)
  Variables low high : Z.
  Definition in_range (u : nat -> nat -> Z) : Prop := forall i f, low <= u i f <= high.

  (* What is asked of a layer. *)
  Definition sound (prev : option (Z * list (Z * Z))) (l : decoder) : Prop :=
    d = (heads l * width l)%nat /\ (1 <= width l)%nat /\
    1 <= lowest (base l) (jumps l) /\ 1 <= unit l /\
    local (norm1 l) /\ local (norm2 l) /\
    match prev with
    | None => forall m u, in_range u -> computes (N1 l) m d d u (norm1 l u)
    | Some (b, js) => forall m, stair_norm d b js (N1 l) m (norm1 l)
    end /\
    forall m, stair_norm d (base1 l) (jumps1 l) (N2 l) m (norm2 l).
  Fixpoint all_sound (prev : option (Z * list (Z * Z))) (layers : list decoder) : Prop :=
    match layers with [] => True | l :: r => sound prev l /\ all_sound (after l) r end.

  (* ---- no position sees a later one ---- *)

  (* Attention is the same for sequences that are the same so far, however long they are. *)
  Lemma attention_alike l m m' x y i : (exists p, sound p l) -> (i < m)%nat ->
    (i < m')%nat -> (forall j k, (j <= i)%nat -> x j k = y j k) ->
    forall f, attention_at m l x i f = attention_at m' l y i f.
  Proof.
    intros S M M' E f.
    destruct S as (p & Hd & Hw & _). unfold attention_at.
    rewrite !(causal_up_to d (heads l) (width l)) by auto.
    assert (P : forall W j o, (j <= i)%nat -> project d x W j o = project d y W j o)
      by (intros; unfold project; apply bigsum_ext; intros; now rewrite E).
    assert (W : forall h j, (j <= i)%nat ->
      weight d (width l) (WQ l) (WK l) (base l) (jumps l) x h i j =
      weight d (width l) (WQ l) (WK l) (base l) (jumps l) y h i j).
    { intros h j J. unfold weight, score. f_equal. apply bigsum_ext. intros k _.
      now rewrite !P by lia. }
    f_equal; [f_equal |]; apply bigsum_ext; intros j J; rewrite W by lia;
      first [reflexivity | now rewrite P by lia].
  Qed.

  (* So are residual sums. *)
  Lemma sum_alike l m m' x y i : (exists p, sound p l) -> (i < m)%nat -> (i < m')%nat ->
    (forall j k, (j <= i)%nat -> x j k = y j k) ->
    forall f, sum_at m l x i f = sum_at m' l y i f.
  Proof.
    intros S M M' E. pose proof S as (p & _ & _ & _ & _ & L1 & L2 & _).
    assert (A : forall f, attended d (parts l) (WO l) (base1 l) (jumps1 l) (attention_at m l) x
        (norm1 l x) i f =
      attended d (parts l) (WO l) (base1 l) (jumps1 l) (attention_at m' l) y (norm1 l y) i f).
    { intro f. unfold attended, residual. f_equal. rewrite E by lia. f_equal.
      unfold project. apply bigsum_ext. intros k _. f_equal.
      apply attention_alike; [exact S | exact M | exact M' |]. intros j q J. apply L1. intro.
      now apply E. }
    intro f. unfold sum_at, layer_sum, residual. cbv zeta. rewrite A. f_equal.
    unfold project. apply bigsum_ext. intros k _. f_equal. unfold hidden_unit. f_equal.
    unfold project. apply bigsum_ext. intros o _. f_equal. now apply L2.
  Qed.

  (* And layers one after the other. *)
  Lemma stack_alike layers m m' i : forall prev x y, all_sound prev layers -> (i < m)%nat ->
    (i < m')%nat -> (forall j k, (j <= i)%nat -> x j k = y j k) ->
    forall j k, (j <= i)%nat ->
    stack (map (layer_at m) layers) x j k = stack (map (layer_at m') layers) y j k.
  Proof.
    induction layers as [| l r IH]; intros prev x y S M M' E j k J; [now apply E |].
    destruct S as [S1 S]. cbn [map stack fold_left].
    apply (IH (after l) (layer_at m l x) (layer_at m' l y)); auto.
    intros j' k' J'.
    change (stair (base2 l) (jumps2 l) (sum_at m l x j' k') =
      stair (base2 l) (jumps2 l) (sum_at m' l y j' k')).
    f_equal. apply sum_alike; eauto; try lia. intros; apply E; lia.
  Qed.

  (* ---- the operations ---- *)

  (* The number of x in a block that reads a sum, or x itself. *)
  Definition at_x (prev : option (Z * list (Z * Z))) : nat :=
    match prev with None => 0 | Some _ => 1 end.

  (* All positions at once. *)
  Definition attention_of (l : decoder) : list op :=
    causal_attention d (heads l) (width l) (WQ l) (WK l) (WV l) (base l) (jumps l) (unit l) (lo l)
      (levels l).
  Definition sum_of (prev : option (Z * list (Z * Z))) (l : decoder) : list op :=
    layer_sum_ops d (hidden l) (parts l) (WO l) (WU l) (WD l) (baseU l) (jumpsU l) (at_x prev)
      (N1 l) (attention_of l) (N2 l).

  (* A new position: the sum of the layer before is value b. *)
  Local Notation section := (poly * (nat * nat))%type.
  Definition kept_of (a : nat) (l : decoder) (past : list section) : list op :=
    kept_ops d (heads l) (width l) (WQ l) (WK l) (WV l) (base l) (jumps l) (unit l) (lo l)
      (levels l) a past.
  Definition perceptron_of (l : decoder) : list op :=
    residual_ops d (parts l) (hidden l) (WD l) 1
      (sequence (N2 l) (hidden_ops d (hidden l) (WU l) (baseU l) (jumpsU l))).
  Definition new_of (prev : option (Z * list (Z * Z))) (b : nat) (l : decoder)
      (past : list section) : list op :=
    let a := (b + length (N1 l))%nat in
    let A := kept_of a l past in
    let c := (a + length A)%nat in
    map (shift b) (map single (N1 l)) ++ A ++
    [ affine [[1%nat]; [d]] (parts l) 0 (b + at_x prev);
      linear [[1%nat]; [d]] [d] 1 (WO l) [] c;
      OAdd (c + 1) (c + 2) ] ++
    map (shift (c + 3)) (map single (perceptron_of l)).

  (* ---- what they mean ---- *)

  Variables (n : nat) (E : list tensor).

  (* What a layer kept of y. *)
  Definition keeps (l : decoder) (y : nat -> nat -> Z) (past : list section) : Prop :=
    covered d (heads l) (width l) (WK l) (WV l) n E y 0 past.

  (* The prompt: what the first pass keeps, and the sum, for sequences of any length m. *)
  Lemma sum_computes prev l b u m : sound prev l -> in_range u \/ prev <> None ->
    runs n E (S b) (map (shift b) (sum_of prev l)) -> (n <= m)%nat ->
    holds (nth b E tnone) n d u ->
    let a := (b + length (N1 l))%nat in
    keeps l (norm1 l (from_sum prev u)) [(pn, (a + 4, a + 6)%nat)] /\
    holds (nth (b + length (sum_of prev l)) E tnone) n d (sum_at m l (from_sum prev u)).
  Proof.
    intros So Rg R M Hb a. pose proof So as (Hd & Hw & Hp & Hu & L1 & L2 & C1 & C2).
    assert (CA : forall y, computes (attention_of l) n d d y (attention_at n l y))
      by (intro y; now apply causal_computes).
    assert (N : computes (N1 l) n d d u (norm1 l (from_sum prev u))).
    { destruct prev as [[b0 j0] |]; [apply C1 |]. destruct Rg as [Rg | Rg]; [now apply C1 | easy]. }
    split.
    - unfold sum_of, layer_sum_ops in R. apply runs_sequence in R. destruct R as [R _].
      unfold residual_ops in R. rewrite map_app in R. apply runs_app in R. destruct R as [R _].
      apply runs_sequence in R. destruct R as [R1 R2]. fold a in R2.
      pose proof (runs_makes n E b (N1 l) (fun t => holds t n d u)
        (fun t => holds t n d (norm1 l (from_sum prev u))) R1 N Hb) as Ha. fold a in Ha.
      assert (K : forall j W, In (j, W) [(4%nat, WK l); (6%nat, WV l)] -> (j <= 6)%nat ->
        forall i h c, (i < n)%nat -> (h < heads l)%nat -> (c < width l)%nat ->
        snd (nth (a + j) E tnone) [i; h; c] =
          project d (norm1 l (from_sum prev u)) W i (width l * h + c)).
      { intros j W J J6 i h c I Hh C. rewrite (runs_block n E a _ R2).
        2: { change (length (attention_of l)) with 21%nat. lia. }
        change (attention_of l) with (projections d (heads l) (width l) (WQ l) (WK l) (WV l) ++
          skipn 6 (attention_of l)).
        rewrite sems_app, sems_old
          by (rewrite sems_length; change (length (projections _ _ _ _ _ _)) with 6%nat;
              cbn [length]; lia).
        apply (projections_meaning d (heads l) (width l) (WQ l) (WK l) (WV l) n); auto.
        right. exact J. }
      split; [| exact I]. rewrite length_n. intros i h c I Hh C.
      split; apply K; cbn [In]; auto; lia.
    - eapply holds_ext.
      + apply (runs_makes n E b (sum_of prev l) (fun t => holds t n d u)
          (fun t => holds t n d (sum_at n l (from_sum prev u))) R); [| exact Hb].
        destruct prev as [[b0 j0] |].
        * apply (next_sum_computes d (hidden l) (parts l) (WO l) (WU l) (WD l) (base1 l) (jumps1 l)
            (baseU l) (jumpsU l) (norm1 l) (norm2 l) (attention_at n l) b0 j0) with
            (x := from_sum (Some (b0, j0)) u); auto.
        * apply first_sum_computes; auto.
      + intros i f I _. cbn beta. apply (sum_alike l n m); eauto; try lia.
  Qed.

  (* A new position, the i-th of m. *)
  Lemma new_computes prev l b u m i past : sound prev l -> in_range u \/ prev <> None ->
    runs n E (S b) (new_of prev b l past) -> (i < m)%nat ->
    row (nth b E tnone) d (u i) -> past <> [] ->
    keeps l (norm1 l (from_sum prev u)) past -> positions n past = i ->
    Forall (before (S b)) past ->
    keeps l (norm1 l (from_sum prev u)) (past ++ [own (b + length (N1 l))]) /\
    row (nth (b + length (new_of prev b l past)) E tnone) d (sum_at m l (from_sum prev u) i).
  Proof.
    intros So Rg R M Hb Full K P B. pose proof So as (Hd & Hw & Hp & Hu & L1 & L2 & C1 & C2).
    unfold new_of in R. set (a := (b + length (N1 l))%nat) in *.
    set (A := kept_of a l past) in *. set (c := (a + length A)%nat) in *.
    set (y := norm1 l (from_sum prev u)) in *.
    apply runs_app in R. destruct R as [R1 R]. rewrite !map_length in R.
    replace (S b + length (N1 l))%nat with (S a) in R by (subst a; lia).
    apply runs_app in R. destruct R as [R2 R].
    replace (S a + length A)%nat with (c + 1)%nat in R by (subst c; lia).
    (* the norm *)
    assert (Ha : row (nth a E tnone) d (y i)).
    { assert (N : computes (N1 l) 1 d d (fun _ => u i) (norm1 l (from_sum prev (fun _ => u i)))).
      { destruct prev as [[b0 j0] |]; [apply C1 |].
        destruct Rg as [Rg | Rg]; [apply C1; intros ? ?; apply Rg | easy]. }
      eapply holds_ext; [exact (single_computes n E b (N1 l) d d (u i) _ R1 N Hb) |].
      intros z f _ _. cbn beta. subst y. apply L1. intro k.
      destruct prev as [[b0 j0] |]; reflexivity. }
    (* what is read again for the sum *)
    assert (Hx : row (nth (b + at_x prev) E tnone) d (from_sum prev u i)).
    { destruct prev as [[b0 j0] |]; cbn [at_x]; [| now rewrite Nat.add_0_r].
      destruct (C1 1%nat) as [F _]. destruct (N1 l) as [| o N]; [discriminate |].
      injection F as ->.
      eapply teq_holds; [apply (runs_single n E b _ R1 1); cbn [length]; lia |].
      rewrite first_value. apply (step_holds 1 [nth b E tnone]). exact Hb. }
    (* attention *)
    assert (B' : Forall (before (S a)) past).
    { eapply Forall_impl; [| exact B]. intros s [X Y]. subst a. split; lia. }
    destruct (kept_computes d (heads l) (width l) (WQ l) (WK l) (WV l) (base l) (jumps l) (unit l)
      (lo l) (levels l) Hd Hw Hp Hu n E y a past i m Full R2 Ha K P B' M) as [K' Hc].
    fold A in Hc. change (kept_ops _ _ _ _ _ _ _ _ _ _ _ _ _) with A in Hc. fold c in Hc.
    split; [exact K' |].
    (* its sum *)
    unfold affine in R. cbn [length seq map app] in R.
    assert (Small : (b + at_x prev < c + 1)%nat).
    { subst c a. destruct prev as [[b0 j0] |]; cbn [at_x]; [| lia].
      destruct (C1 1%nat) as [F _]. destruct (N1 l); [discriminate |]. cbn [length]. lia. }
    value R V1. value R V2. value R V3.
    replace (S (c + 1)) with (c + 2)%nat in * by lia.
    replace (S (c + 2)) with (c + 3)%nat in * by lia.
    set (x := from_sum prev u) in *. set (at_i := attention_at m l y i).
    change (attend_causal _ _ _ _ _ _ _ _ _ _ _ _ _) with at_i in Hc.
    set (r := fun f => parts l * x i f + bigsum d (fun k => nth k (nth f (WO l) []) 0 * at_i k)).
    assert (H3 : row (nth (c + 3) E tnone) d r).
    { destruct Hx as [_ Hx]. destruct Hc as [_ Hc].
      assert (S1 : fst (nth (c + 1) E tnone) = [1%nat; d])
        by (rewrite V1; cbn [sem1 fst]; now lengths).
      split; [rewrite V3; cbn [sem1 fst]; exact S1 |]. intros z f Z F.
      replace z with 0%nat by lia. rewrite V3. cbn [sem1 snd].
      rewrite S1, table_eq, inb2, V1, V2 by lia. one. rewrite Hx by (auto; lia).
      unfold linear. rewrite sum_sem by inside. lengths. rewrite zsum_box1. cbn [cval ints Z.add].
      subst r. cbn beta. f_equal. apply bigsum_ext. intros k Kd.
      cbn [cval app nth imap map ieval seq]. now rewrite Hc by (auto; lia). }
    clear V1 V2 V3 Hx Hc.
    (* the perceptron *)
    set (w := fun (_ f : nat) => stair (base1 l) (jumps1 l) (r f)).
    assert (CP : computes (perceptron_of l) 1 d d (fun _ => r)
      (residual (parts l) (hidden l) (WD l) w
        (hidden_unit d (WU l) (baseU l) (jumpsU l) (norm2 l w)))).
    { destruct (C2 1%nat) as [F2 C2']. unfold perceptron_of.
      apply residual_computes with (j := 1%nat).
      - eapply sequence_computes; [apply (C2' (fun _ => r)) | apply hidden_computes].
      - unfold sequence. rewrite app_length. destruct (N2 l); [discriminate |]. cbn [length]. lia.
      - intros t Ht. destruct (N2 l) as [| o N]; [discriminate |]. injection F2 as ->.
        cbn [sequence app]. rewrite first_value. exact (step_computes 1 d _ _ _ t Ht). }
    replace (length (new_of prev b l past))
      with (length (N1 l) + length A + 3 + length (perceptron_of l))%nat.
    2: { unfold new_of. fold a A c. rewrite !app_length, !map_length. cbn [length]. lia. }
    replace (b + (length (N1 l) + length A + 3 + length (perceptron_of l)))%nat
      with (c + 3 + length (perceptron_of l))%nat by (subst c a; lia).
    assert (R' : runs n E (S (c + 3)) (map (shift (c + 3)) (map single (perceptron_of l))))
      by exact R.
    eapply holds_ext; [exact (single_computes n E (c + 3) (perceptron_of l) d d r _ R' CP H3) |].
    intros z f _ _. cbn beta. unfold sum_at, layer_sum, residual. cbv zeta. f_equal.
    unfold project. apply bigsum_ext. intros k _. f_equal. unfold hidden_unit. f_equal.
    unfold project. apply bigsum_ext. intros o _. f_equal. now apply L2.
  Qed.
End Layers.
Print Assumptions stack_alike.
Print Assumptions new_computes.
