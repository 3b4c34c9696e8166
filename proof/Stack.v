(* Layers one after the other, with norms after the residual sums, as a looped transformer has them:
   the program, which computes stack as LayerDefinitions.v has it, and the certificate. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions Vocabulary Words Values Blocks.
From TC0 Require Import Attention CausalAttention StableAttention HardAttention Norm StairNorm.
From TC0 Require Import Layer.
Import ListNotations.
Open Scope Z_scope.

(* Blocks one after the other; there is at least one. *)
Fixpoint stack_ops (A : list op) (blocks : list (list op)) : list op :=
  match blocks with [] => A | B :: r => stack_ops (sequence A B) r end.

(* If each block computes its layer, together they compute the stack. *)
Theorem stack_computes n d x layers blocks : forall A f,
  computes A n d d x (f x) ->
  Forall2 (fun B layer => forall y, computes B n d d y (layer y)) blocks layers ->
  computes (stack_ops A blocks) n d d x (stack (f :: layers) x).
Proof.
  intros A f C F. revert A f C. induction F as [| B g blocks layers CB F IH]; intros A f C.
  - exact C.
  - cbn [stack_ops]. apply (IH (sequence A B) (fun x => g (f x))).
    eapply sequence_computes; [exact C | apply CB].
Qed.
Print Assumptions stack_computes.

(* For inputs of p bits. *)
Theorem stack_certified d p n A f blocks layers lev count : (1 <= n)%nat ->
  (forall y, computes A n d d y (f y)) ->
  Forall2 (fun B layer => forall y, computes B n d d y (layer y)) blocks layers ->
  analyse (block_of d p (stack_ops A blocks)) = Some (count, lev) ->
  let c := compile (block_of d p (stack_ops A blocks)) n in
  wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
  forall x, eval c x = flat_map (fun i => map (fun k =>
    stack (f :: layers) (decode d p x) i k) (seq 0 d)) (seq 0 n).
Proof.
  intros Hn C F H.
  apply (block_certified_at _ d d p (stack (f :: layers)) lev count n Hn); auto.
  intro x. apply stack_computes; auto.
Qed.
Print Assumptions stack_certified.

(* The operations of attention, for a certain n. *)
Ltac attention_ops attention :=
  lazymatch attention with
  | attend ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _ =>
    let H := eval vm_compute in (d / e)%nat in
    constr:(Attention.attention d H e WQ WK WV base jumps unit lo levels)
  | attend_causal ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _ =>
    let H := eval vm_compute in (d / e)%nat in
    constr:(causal_attention d H e WQ WK WV base jumps unit lo levels)
  | attend_stable ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels ?masked _ =>
    let H := eval vm_compute in (d / e)%nat in
    constr:(stable_attention d H e WQ WK WV base jumps unit lo levels masked)
  | attend_hard ?d ?e ?WQ ?WK ?WV ?masked _ =>
    let H := eval vm_compute in (d / e)%nat in
    constr:(hard_attention d H e WQ WK WV masked)
  end.

(* The blocks of a list of layers whose operations, of the whole program, are text. *)
Ltac layer_blocks text layers :=
  lazymatch layers with
  | [] => constr:(@nil (list op))
  | post_norm_layer ?d ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2 ?f1 ?f2 ?f :: ?more =>
    lazymatch text with
    | context [root_sign _ _ ?B1 _ :: ?text1] =>
    lazymatch text1 with
    | context [root_sign _ _ ?B2 _ :: ?text2] =>
      let A := attention_ops f in
      let N1 := stair_norm_ops b1 j1 f1 B1 in
      let N2 := stair_norm_ops b2 j2 f2 B2 in
      let r := layer_blocks text2 more in
      constr:(post_norm_ops d m parts WO WU WD bU jU A N1 N2 :: r)
    end
    end
  end.

(* Shows that concrete attention is computed, for a certain n. *)
Ltac attention_part :=
  lazymatch goal with
  | |- forall y, computes ?A _ _ _ y _ =>
    lazymatch A with
    | Attention.attention _ _ _ _ _ _ _ _ _ _ _ => intro; apply attention_computes
    | causal_attention _ _ _ _ _ _ _ _ _ _ _ => intro; apply causal_computes
    | stable_attention _ _ _ _ _ _ _ _ _ _ _ _ => intro; apply stable_computes
    | hard_attention _ _ _ _ _ _ _ => intro; apply hard_computes
    end; first [assumption | compute_hypothesis]
  end.

(* Meets what is asked of a block of a concrete stack. *)
Ltac stack_part :=
  lazymatch goal with
  | |- forall y, computes (post_norm_ops _ _ _ _ _ _ _ _ _ _ _) ?n _ _ _ _ =>
    intro; apply post_norm_computes;
    [attention_part | generalize n; layer_part | generalize n; layer_part]
  end.

(* Certifies a concrete program whose operations are those of a stack of layers with norms after the
   residual sums. The goal is the conclusion of stack_certified for all n >= 1, with the program in
   place of the block; the parameters are read off what is to be computed, and numbers B off the
   program. *)
Ltac certify_stack :=
  let n := fresh "n" in
  intros n ?; cbv zeta;
  lazymatch goal with
  | |- context [compile ?program _] =>
    let text := eval hnf in program in
    lazymatch goal with
    | |- context [stack (?f :: ?layers) (decode ?d ?p _)] =>
      let blocks := layer_blocks text (f :: layers) in
      lazymatch blocks with
      | ?A :: ?r =>
        change program with (block_of d p (stack_ops A r));
        apply (stack_certified d p n A f r layers);
        [ assumption | stack_part | repeat (constructor; [stack_part |]); constructor
        | compute_hypothesis ]
      end
    end
  end.
