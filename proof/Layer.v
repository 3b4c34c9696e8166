(* The layer of a transformer: its program, made of blocks of attention and norms, which computes
   the layer as LayerDefinitions.v has it, and the certificate for all its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions Vocabulary Words Values Blocks.
From TC0 Require Import Attention CausalAttention StableAttention HardAttention Norm StairNorm.
Import ListNotations.
Open Scope Z_scope.

(* ---- small blocks ---- *)

(* A staircase of the features. *)
Lemma step_computes n d base js X :
  computes [step base js 0] n d d X (fun i f => stair base js (X i f)).
Proof. intros t H. now apply (step_holds n [t]). Qed.

(* A linear map of the features at each position. *)
Lemma linear_computes n d d' W X :
  computes [linear [pn; [d']] [d] 1 W [] 0] n d d' X (fun i o => project d X W i o).
Proof. intros t H. now apply (linear_holds n [t]). Qed.

(* The first operation of a block has its value at the end, too. *)
Lemma first_value n o ops t : nth 1 (sems n (o :: ops) [t]) tnone = sem1 n [t] o.
Proof. cbn [sems app]. now rewrite sems_old by (cbn [length]; lia). Qed.

(* The layer norm of a staircase. *)
Definition stair_layer_norm_ops (base : Z) (js : list (Z * Z)) d root2 eps gains offsets unit lo
    levels B : list op :=
  sequence [step base js 0] (layer_norm_ops d root2 eps gains offsets unit lo levels B).

(* It computes it. *)
Lemma stair_layer_norm_computes base js d root2 eps gains offsets unit lo levels B n u :
  0 <= root2 -> 0 <= eps ->
  squares_below B ((Z.of_nat d - 1) * (highest base js - lowest base js)) gains = true ->
  computes (stair_layer_norm_ops base js d root2 eps gains offsets unit lo levels B) n d d u
    (layer_norm d root2 eps gains offsets unit lo levels (fun i f => stair base js (u i f))).
Proof.
  intros R E S. apply sequence_computes with (d' := d) (Y := fun i f => stair base js (u i f)).
  - apply step_computes.
  - apply layer_norm_computes; auto. intros i f I F.
    eapply squares_below_ok; [exact S |]. apply centred_range; [exact F |].
    intros k _. split; [apply stair_lowest | apply stair_highest].
Qed.

(* ---- layers ---- *)

(* The parameters of LayerDefinitions.v. *)
Section Layer.
  Variables (d m : nat) (parts : Z).
  Variables (WO WU WD : list (list Z)).
  Variables (base1 : Z) (jumps1 : list (Z * Z)).
  Variables (baseU : Z) (jumpsU : list (Z * Z)).
  Variables (base2 : Z) (jumps2 : list (Z * Z)).

  (* The residual sum of value j and W times the value of a block, of k features. *)
  Definition residual_ops (k : nat) (W : list (list Z)) (j : nat) (A : list op) : list op :=
    let a := length A in
    A ++
    [ affine [pn; [d]] parts 0 j;
      linear [pn; [d]] [k] 1 W [] a;
      OAdd (a + 1) (a + 2) ].

  (* It computes the residual sum. *)
  Lemma residual_computes n k W j A X Y Y' :
    computes A n d k X Y' -> (j <= length A)%nat ->
    (forall t, holds t n d X -> holds (nth j (sems n A [t]) tnone) n d Y) ->
    computes (residual_ops k W j A) n d d X (residual parts k W Y Y').
  Proof.
    intros C J HY t Ht. specialize (C t Ht). specialize (HY t Ht).
    unfold residual_ops. cbn zeta. rewrite app_length, sems_app. cbn [length].
    pose proof (sems_length n A [t]) as L. cbn [length] in L.
    set (a := length A) in *. set (env := sems n A [t]) in *. clearbody env.
    assert (N : forall l i, nth (a + S i) (env ++ l) tnone = nth i l tnone).
    { intros l i. replace (a + S i)%nat with (length env + i)%nat by lia. apply app_nth2_plus. }
    assert (O : forall l i, (i <= a)%nat -> nth i (env ++ l) tnone = nth i env tnone)
      by (intros; apply app_nth1; lia).
    destruct HY as [SY HY]. destruct C as [SC HC].
    after t1.
    assert (H1 : fst t1 = [n; d] /\ forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t1 [i; f] = parts * Y i f).
    { subst t1. unfold affine. cbn [length seq map].
      split; [cbn [sem1 fst]; now lengths |]. intros i f I F. one. now rewrite HY. }
    clearbody t1. destruct H1 as [S1 H1].
    after t2.
    assert (H2 : forall i f, (i < n)%nat -> (f < d)%nat -> snd t2 [i; f] = project k Y' W i f).
    { subst t2. intros i f I F.
      assert (V : forall i f, (i < n)%nat -> (f < k)%nat ->
        snd (nth a (env ++ [t1]) tnone) [i; f] = Y' i f)
        by (intros; rewrite O by lia; now apply HC).
      destruct (linear_sem n _ k d W [] a Y' V) as [_ E]. rewrite E by auto.
      replace (nth f [] 0) with 0 by now destruct f. reflexivity. }
    clearbody t2.
    after t3. cbn [sems]. rewrite N. cbn [nth]. subst t3. unfold sem1. rewrite !N.
    cbn [nth fst snd]. rewrite S1. split; [reflexivity |]. intros i f I F. cbn [snd].
    rewrite table_eq, inb2, H1, H2 by auto. reflexivity.
  Qed.

  (* The hidden units. *)
  Definition hidden_ops : list op :=
    sequence [linear [pn; [m]] [d] 1 WU [] 0] [step baseU jumpsU 0].

  (* They compute them. *)
  Lemma hidden_computes n X :
    computes hidden_ops n d m X (hidden_unit d WU baseU jumpsU X).
  Proof.
    eapply sequence_computes; [apply linear_computes | apply step_computes].
  Qed.

  (* The layer with norms before: N1 is a norm and N2 that of a staircase, which is its first
     value. *)
  Definition pre_norm_ops (N1 A N2 : list op) : list op :=
    sequence (residual_ops d WO 0 (sequence N1 A))
      (sequence (residual_ops m WD 1 (sequence N2 hidden_ops)) [step base2 jumps2 0]).

  (* The layer with norms after: both are norms of staircases. *)
  Definition post_norm_ops (A N1 N2 : list op) : list op :=
    sequence (residual_ops d WO 0 A)
      (sequence N1 (sequence (residual_ops m WD 0 hidden_ops) N2)).

  Variables norm1 norm2 attention : (nat -> nat -> Z) -> nat -> nat -> Z.

  (* A norm of the staircase of every tensor, which is also its first value. *)
  Definition stair_norm (base : Z) (js : list (Z * Z)) (N : list op) n
      (norm : (nat -> nat -> Z) -> nat -> nat -> Z) : Prop :=
    hd_error N = Some (step base js 0) /\
    forall u, computes N n d d u (norm (fun i f => stair base js (u i f))).

  Local Notation pre_norm_layer := (pre_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU
    base2 jumps2 norm1 norm2 attention).
  Local Notation post_norm_layer := (post_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU
    base2 jumps2 norm1 norm2 attention).

  (* The input of a block is its first value. *)
  Lemma input_value n ops t X : holds t n d X -> holds (nth 0 (sems n ops [t]) tnone) n d X.
  Proof. intro H. rewrite sems_old by (cbn [length]; lia). exact H. Qed.

  (* The layer with norms before is computed if its parts are. *)
  Theorem pre_norm_computes N1 A N2 n x :
    computes N1 n d d x (norm1 x) ->
    (forall y, computes A n d d y (attention y)) ->
    stair_norm base1 jumps1 N2 n norm2 ->
    computes (pre_norm_ops N1 A N2) n d d x (pre_norm_layer x).
  Proof.
    intros C1 CA [F2 C2]. unfold pre_norm_ops.
    eapply sequence_computes.
    { apply residual_computes with (Y := x).
      - eapply sequence_computes; [exact C1 | apply CA].
      - lia.
      - intros t H. now apply input_value. }
    eapply sequence_computes; [| apply step_computes].
    apply residual_computes with (j := 1%nat).
    - eapply sequence_computes; [apply C2 | apply hidden_computes].
    - unfold sequence. rewrite app_length. destruct N2; [discriminate |]. cbn [length]. lia.
    - intros t H. destruct N2 as [| o N2]; [discriminate |]. injection F2 as ->.
      cbn [sequence app]. rewrite first_value.
      exact (step_computes n d base1 jumps1 _ t H).
  Qed.

  (* So is the layer with norms after. *)
  Theorem post_norm_computes A N1 N2 n x :
    (forall y, computes A n d d y (attention y)) ->
    stair_norm base1 jumps1 N1 n norm1 -> stair_norm base2 jumps2 N2 n norm2 ->
    computes (post_norm_ops A N1 N2) n d d x (post_norm_layer x).
  Proof.
    intros CA [_ C1] [_ C2]. unfold post_norm_ops.
    eapply sequence_computes.
    { apply residual_computes with (Y := x); [apply CA | lia |].
      intros t H. now apply input_value. }
    eapply sequence_computes; [apply C1 |].
    eapply sequence_computes; [| apply C2].
    apply residual_computes; [apply hidden_computes | lia |]. intros t H. now apply input_value.
  Qed.
End Layer.
Print Assumptions pre_norm_computes.
Print Assumptions post_norm_computes.

(* ---- certificates ---- *)

(* Layers of inputs of p bits, whose attention may depend on n. *)
Section Certified.
  Variables (d m : nat) (parts : Z).
  Variables (WO WU WD : list (list Z)).
  Variables (base1 : Z) (jumps1 : list (Z * Z)).
  Variables (baseU : Z) (jumpsU : list (Z * Z)).
  Variables (base2 : Z) (jumps2 : list (Z * Z)).
  Variable p : nat.
  Variables norm1 norm2 : (nat -> nat -> Z) -> nat -> nat -> Z.
  Variable attention : nat -> (nat -> nat -> Z) -> nat -> nat -> Z.
  Variables N1 A N2 : list op.

  (* The blocks. *)
  Definition pre_norm_block : prog := block_of d p
    (pre_norm_ops d m parts WO WU WD baseU jumpsU base2 jumps2 N1 A N2).
  Definition post_norm_block : prog := block_of d p
    (post_norm_ops d m parts WO WU WD baseU jumpsU A N1 N2).

  (* Attention is computed. *)
  Hypothesis attends : forall n y, (1 <= n)%nat -> computes A n d d y (attention n y).

  (* The layer with norms before is in TC0, and computed with the bounds that the analysis finds. *)
  Theorem pre_norm_certified lev count :
    (forall n x, computes N1 n d d (decode d p x) (norm1 (decode d p x))) ->
    (forall n, stair_norm d base1 jumps1 N2 n norm2) ->
    analyse pre_norm_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile pre_norm_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x = flat_map (fun i => map (fun f =>
      pre_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU base2 jumps2
        norm1 norm2 (attention n) (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros C1 C2 H. refine (block_certified _ d d p (fun n =>
      pre_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU base2 jumps2
        norm1 norm2 (attention n)) lev count _ H).
    intros n x Hn. apply pre_norm_computes; auto.
  Qed.

  (* So is the layer with norms after. *)
  Theorem post_norm_certified lev count :
    (forall n, stair_norm d base1 jumps1 N1 n norm1) ->
    (forall n, stair_norm d base2 jumps2 N2 n norm2) ->
    analyse post_norm_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile post_norm_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x = flat_map (fun i => map (fun f =>
      post_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU base2 jumps2
        norm1 norm2 (attention n) (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros C1 C2 H. refine (block_certified _ d d p (fun n =>
      post_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU base2 jumps2
        norm1 norm2 (attention n)) lev count _ H).
    intros n x Hn. apply post_norm_computes; auto.
  Qed.
End Certified.
Print Assumptions pre_norm_certified.
Print Assumptions post_norm_certified.

(* The operations of a norm of an input, and of one of a staircase, with the number B. *)
Ltac norm_ops norm B :=
  lazymatch norm with
  | rms_norm ?d ?r ?eps ?gains ?offsets ?unit ?lo ?levels =>
    constr:(rms_ops d r eps gains offsets unit lo levels B)
  | layer_norm ?d ?r ?eps ?gains ?offsets ?unit ?lo ?levels =>
    constr:(layer_norm_ops d r eps gains offsets unit lo levels B)
  end.
Ltac stair_norm_ops base js norm B :=
  lazymatch norm with
  | rms_norm ?d ?r ?eps ?gains ?offsets ?unit ?lo ?levels =>
    constr:(stair_rms_ops base js d r eps gains offsets unit lo levels B)
  | layer_norm ?d ?r ?eps ?gains ?offsets ?unit ?lo ?levels =>
    constr:(stair_layer_norm_ops base js d r eps gains offsets unit lo levels B)
  end.

(* The operations of the attention that a goal is about, and the attention as a function of n. *)
Ltac attention_of k :=
  lazymatch goal with
  | |- context [attend ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _] =>
    let H := eval vm_compute in (d / e)%nat in
    k (attention d H e WQ WK WV base jumps unit lo levels)
      (attend d e WQ WK WV base jumps unit lo levels)
  | |- context [attend_causal ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _] =>
    let H := eval vm_compute in (d / e)%nat in
    k (causal_attention d H e WQ WK WV base jumps unit lo levels)
      (attend_causal d e WQ WK WV base jumps unit lo levels)
  | |- context [attend_stable ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels ?masked _] =>
    let H := eval vm_compute in (d / e)%nat in
    k (stable_attention d H e WQ WK WV base jumps unit lo levels masked)
      (attend_stable d e WQ WK WV base jumps unit lo levels masked)
  | |- context [attend_hard ?d ?e ?WQ ?WK ?WV ?masked _] =>
    let H := eval vm_compute in (d / e)%nat in
    k (hard_attention d H e WQ WK WV masked) (attend_hard d e WQ WK WV masked)
  end.

(* Meets the hypotheses about the parts of a concrete layer. *)
Ltac layer_part :=
  lazymatch goal with
  | |- forall n y, (1 <= n)%nat -> computes ?ops _ _ _ y _ =>
    intros;
    lazymatch ops with
    | attention _ _ _ _ _ _ _ _ _ _ _ => apply attention_computes
    | causal_attention _ _ _ _ _ _ _ _ _ _ _ => apply causal_computes
    | stable_attention _ _ _ _ _ _ _ _ _ _ _ _ => apply stable_computes
    | hard_attention _ _ _ _ _ _ _ => apply hard_computes
    end; first [assumption | compute_hypothesis]
  | |- forall n x, computes (rms_ops _ _ _ _ _ _ _ _ _) _ _ _ _ _ =>
    intros; apply rms_of_input; compute_hypothesis
  | |- forall n x, computes (layer_norm_ops _ _ _ _ _ _ _ _ _) _ _ _ _ _ =>
    intros; apply layer_norm_of_input; compute_hypothesis
  | |- forall n, stair_norm _ _ _ (stair_rms_ops _ _ _ _ _ _ _ _ _ _ _) _ _ =>
    split; [reflexivity | intro; apply stair_rms_computes; compute_hypothesis]
  | |- forall n, stair_norm _ _ _ (stair_layer_norm_ops _ _ _ _ _ _ _ _ _ _ _) _ _ =>
    split; [reflexivity | intro; apply stair_layer_norm_computes; compute_hypothesis]
  | |- _ => compute_hypothesis
  end.

(* Certifies a concrete program whose operations are those of a layer. The goal is the conclusion of
   pre_norm_certified or post_norm_certified, from `forall n` on, with the program in place of the
   block; the parameters are read off what is to be computed, and the two B off the program. *)
Ltac certify_layer :=
  lazymatch goal with
  | |- context [compile ?program _] =>
    let text := eval hnf in program in
    lazymatch text with
    | context [root_sign _ _ ?B1 _ :: ?rest] =>
    lazymatch rest with
    | context [root_sign _ _ ?B2 _] =>
    attention_of ltac:(fun A f =>
      lazymatch goal with
      | |- context [pre_norm_layer ?d ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2
          ?f1 ?f2 _ (decode _ ?p _)] =>
        let N1 := norm_ops f1 B1 in let N2 := stair_norm_ops b1 j1 f2 B2 in
        change program with (pre_norm_block d m parts WO WU WD bU jU b2 j2 p N1 A N2);
        apply (pre_norm_certified d m parts WO WU WD b1 j1 bU jU b2 j2 p f1 f2 f N1 A N2)
      | |- context [post_norm_layer ?d ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2
          ?f1 ?f2 _ (decode _ ?p _)] =>
        let N1 := stair_norm_ops b1 j1 f1 B1 in let N2 := stair_norm_ops b2 j2 f2 B2 in
        change program with (post_norm_block d m parts WO WU WD bU jU p N1 A N2);
        apply (post_norm_certified d m parts WO WU WD b1 j1 bU jU b2 j2 p f1 f2 f N1 A N2)
      end; layer_part)
    end
    end
  end.
