(* The layers of a decoder one after the other: what they keep of a prompt, and what they compute
   and keep at a new position. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions LayerDefinitions Vocabulary Words Values Blocks Layer.
From TC0 Require Import Transformer LastPosition Steps Located KeptAttention Decoder.
Import ListNotations.
Open Scope Z_scope.

(* ---- layers one after the other ---- *)

Section Layers.
  Variables (d : nat) (low high : Z).
  Local Notation sections := (list (poly * (nat * nat))).
  Local Notation sum := (option (Z * list (Z * Z))).

  (* All positions at once, before the rest. What they keep, and the number of the last sum, if the
     first layer reads value b. *)
  Fixpoint first_layers (prev : sum) (layers : list decoder) (rest : list op) : list op :=
    match layers with
    | [] => rest
    | l :: r => sequence (sum_of d prev l) (first_layers (after l) r rest)
    end.
  Fixpoint first_places (prev : sum) (b : nat) (layers : list decoder) : list sections :=
    match layers with
    | [] => []
    | l :: r =>
      let a := (b + length (N1 l))%nat in
      [(pn, (a + 4, a + 6)%nat)] :: first_places (after l) (b + length (sum_of d prev l)) r
    end.
  Fixpoint first_end (prev : sum) (b : nat) (layers : list decoder) : nat :=
    match layers with
    | [] => b
    | l :: r => first_end (after l) (b + length (sum_of d prev l)) r
    end.

  (* A new position, and what is kept then. *)
  Fixpoint new_layers (prev : sum) (b : nat) (layers : list decoder) (past : list sections)
      : list op :=
    match layers, past with
    | l :: r, s :: p =>
      let ops := new_of d prev b l s in
      ops ++ new_layers (after l) (b + length ops) r p
    | _, _ => []
    end.
  Fixpoint more_places (prev : sum) (b : nat) (layers : list decoder) (past : list sections)
      : list sections :=
    match layers, past with
    | l :: r, s :: p =>
      (s ++ [own (b + length (N1 l))]) ::
      more_places (after l) (b + length (new_of d prev b l s)) r p
    | _, _ => []
    end.

  (* ---- what they mean ---- *)

  (* The last sum for sequences of m positions, and what it is for the layers behind. *)
  Fixpoint last_sum (m : nat) (prev : sum) (u : nat -> nat -> Z) (layers : list decoder)
      : nat -> nat -> Z :=
    match layers with
    | [] => u
    | l :: r => last_sum m (after l) (sum_at d m l (from_sum prev u)) r
    end.
  Fixpoint last_prev (prev : sum) (layers : list decoder) : sum :=
    match layers with [] => prev | l :: r => last_prev (after l) r end.
  Lemma last_stack m layers : forall prev u,
    from_sum (last_prev prev layers) (last_sum m prev u layers) =
      stack (map (layer_at d m) layers) (from_sum prev u).
  Proof.
    induction layers as [| l r IH]; intros prev u; [reflexivity |].
    cbn [last_prev last_sum map stack fold_left]. rewrite IH. reflexivity.
  Qed.

  Variables (n : nat) (E : list tensor) (m : nat).

  (* All layers kept i positions, in values below a number. *)
  Fixpoint all_kept (i below : nat) (prev : sum) (u : nat -> nat -> Z) (layers : list decoder)
      (past : list sections) : Prop :=
    match layers, past with
    | [], [] => True
    | l :: r, s :: p =>
      (s <> [] /\ keeps d n E l (norm1 l (from_sum prev u)) s /\ positions n s = i /\
        Forall (before below) s) /\
      all_kept i below (after l) (sum_at d m l (from_sum prev u)) r p
    | _, _ => False
    end.

  (* How long layers are, at least. *)
  Lemma sum_of_length prev l : (length (N1 l) + 6 < length (sum_of d prev l))%nat.
  Proof.
    unfold sum_of, layer_sum_ops, sequence, residual_ops.
    rewrite !app_length, !map_length, !app_length, !map_length.
    change (length (attention_of d l)) with 21%nat. lia.
  Qed.
  Lemma new_of_length prev b l s : (length (N1 l) + 6 < length (new_of d prev b l s))%nat.
  Proof.
    unfold new_of, kept_of, kept_ops. rewrite !app_length, !map_length.
    change (length (projections _ _ _ _ _ _)) with 6%nat. cbn [length]. lia.
  Qed.
  Lemma first_end_le layers : forall prev b, (b <= first_end prev b layers)%nat.
  Proof.
    induction layers as [| l r IH]; intros prev b; cbn [first_end]; [lia |].
    specialize (IH (after l) (b + length (sum_of d prev l))%nat). lia.
  Qed.

  (* The prompt. *)
  Lemma first_layers_ok layers : forall prev b u rest below, all_sound d low high prev layers ->
    in_range low high u \/ prev <> None ->
    runs n E (S b) (map (shift b) (first_layers prev layers rest)) -> (n <= m)%nat ->
    holds (nth b E tnone) n d u -> (first_end prev b layers < below)%nat ->
    let c := first_end prev b layers in
    all_kept n below prev u layers (first_places prev b layers) /\
    runs n E (S c) (map (shift c) rest) /\ holds (nth c E tnone) n d (last_sum m prev u layers).
  Proof.
    induction layers as [| l r IH]; intros prev b u rest below So Rg R M Hb B.
    { split; [exact I |]. split; assumption. }
    destruct So as [So Sr]. cbn [first_layers] in R. apply runs_sequence in R.
    destruct R as [R1 R]. cbn [first_places first_end last_sum all_kept] in *.
    destruct (sum_computes d low high n E prev l b u m So Rg R1 M Hb) as [K Hs].
    assert (Some_ : after l <> None) by (unfold after; discriminate).
    specialize (IH (after l) (b + length (sum_of d prev l))%nat (sum_at d m l (from_sum prev u))
      rest below Sr (or_intror Some_) R M Hs B).
    destruct IH as (K' & R' & H').
    pose proof (sum_of_length prev l) as L1.
    pose proof (first_end_le r (after l) (b + length (sum_of d prev l))) as L2.
    split; [| split; [exact R' | exact H']]. split; [| exact K'].
    split; [discriminate |]. split; [exact K |]. split.
    - unfold positions. cbn [map list_sum fold_right fst]. rewrite length_n. lia.
    - repeat constructor; cbn [fst snd]; lia.
  Qed.

  (* A new position. *)
  Lemma new_layers_ok layers i below' : forall prev b u past below,
    all_sound d low high prev layers ->
    in_range low high u \/ prev <> None ->
    runs n E (S b) (new_layers prev b layers past) -> (i < m)%nat ->
    row (nth b E tnone) d (u i) -> all_kept i below prev u layers past -> (below <= S b)%nat ->
    (b + length (new_layers prev b layers past) < below')%nat ->
    all_kept (S i) below' prev u layers (more_places prev b layers past) /\
    row (nth (b + length (new_layers prev b layers past)) E tnone) d (last_sum m prev u layers i).
  Proof.
    induction layers as [| l r IH]; intros prev b u [| s p] below So Rg R M Hb K B B';
      cbn [all_kept] in K; try contradiction.
    { cbn [new_layers length]. rewrite Nat.add_0_r. split; [exact I | exact Hb]. }
    destruct So as [So Sr]. destruct K as [(F & Ks & P & Bs) K].
    cbn [new_layers more_places last_sum all_kept] in *. apply runs_app in R.
    destruct R as [R1 R]. set (ops := new_of d prev b l s) in *. rewrite app_length in *.
    assert (Bs' : Forall (before (S b)) s).
    { eapply Forall_impl; [| exact Bs]. intros x [X Y]. split; lia. }
    destruct (new_computes d low high n E prev l b u m i s So Rg R1 M Hb F Ks P Bs') as [K1 H1].
    fold ops in H1. change (S b + length ops)%nat with (S (b + length ops)) in R.
    assert (Some_ : after l <> None) by (unfold after; discriminate).
    assert (B1 : (below <= S (b + length ops))%nat) by lia.
    rewrite Nat.add_assoc in B'.
    specialize (IH (after l) (b + length ops)%nat (sum_at d m l (from_sum prev u)) p below Sr
      (or_intror Some_) R M H1 K B1 B').
    destruct IH as [K' H'].
    pose proof (new_of_length prev b l s) as L. fold ops in L.
    rewrite Nat.add_assoc. split; [| exact H']. split; [| exact K'].
    split; [now destruct s |]. split; [exact K1 |]. split.
    - unfold positions in *. rewrite map_app, list_sum_app, P.
      change (list_sum (map _ [own (b + length (N1 l))])) with (peval [1%nat] n + 0)%nat.
      rewrite length_c. lia.
    - apply Forall_app. split.
      + eapply Forall_impl; [| exact Bs]. intros x [X Y]. split; lia.
      + repeat constructor; cbn [own fst snd]; lia.
  Qed.
End Layers.
Print Assumptions new_layers_ok.
