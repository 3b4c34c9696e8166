(* Softmax attention with a causal mask: its program, which computes attend_causal as Definitions.v
   has it, and the certificate for all its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Values Blocks Attention.
Import ListNotations.
Open Scope Z_scope.

(* An element of a masked tensor. *)
Lemma causal_sem n env H a h i j : (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
  snd (sem1 n env (causal [[H]; pn; pn] 1 2 0 a)) [h; i; j] =
    if (j <=? i)%nat then snd (nth a env tnone) [h; i; j] else 0.
Proof.
  intros Hh I J. unfold causal. rewrite sum_sem by inside. unfold dims. cbn [map].
  rewrite zsum_box0. cbn [app nth cval map imap ieval length seq].
  destruct (j <=? i)%nat; lia.
Qed.

(* The parameters: d features in H heads of e features each; an input of p bits; the projections;
   the exponential as a staircase; outputs lo .. lo + levels, in units. *)
Section Causal.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).

  (* The operations, of which values 10 and 11 are the weights without the mask and with it: hij,
     and the block. *)
  Definition causal_of (F : list op) : list op :=
    F ++ [step base jumps 8; causal [[H]; pn; pn] 1 2 0 10] ++ back d H e unit lo levels 11.
  Definition causal_attention : list op := causal_of (front d H e WQ WK WV).
  Definition causal_block : prog := block_of d p causal_attention.

  (* The features are those of all heads, and a head has some. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.

  (* Every weight without the mask is at least 1, and so is the unit: no denominator is 0, since a
     position attends to itself. *)
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation decode := (decode d p).
  Local Notation weight keys := (weight d e WQ keys base jumps).
  Local Notation attend_causal := (attend_causal d e WQ WK WV base jumps unit lo levels).

  (* The block means attention with a causal mask. *)
  Theorem causal_of_computes F keys vals n x : fronts d H e WQ F keys vals n x ->
    computes (causal_of F) n d d x
      (Definitions.attend_causal d e WQ keys vals base jumps unit lo levels n x).
  Proof.
    intros HF t HX. unfold causal_of.
    start_of F HF HX S8 H8 H9. next t10.
    assert (H10 : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t10 [h; i; j] = weight keys x h i j).
    { intros h i j Hh I J. unfold Definitions.weight. rewrite <- H8 by auto.
      apply step_sem. cbn [nth]. rewrite S8. now apply inb3. }
    clearbody t10.
    next t11.
    assert (H11 : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t11 [h; i; j] = causal_weight d e WQ keys base jumps x h i j).
    { intros h i j Hh I J. unfold causal_weight. rewrite <- H10 by auto.
      now apply causal_sem. }
    clearbody t11.
    apply (back_meaning d H e vals unit lo levels heads width unit_positive n x _
      11 (causal_weight d e WQ keys base jumps x)); auto.
    assert (W : forall h i j, 1 <= weight keys x h i j)
      by (intros; etransitivity; [exact positive | apply stair_lowest]).
    intros h i Hh I. apply bigsum_some with (q := i); auto; unfold causal_weight.
    - intros j J. specialize (W h i j). destruct (j <=? i)%nat; lia.
    - rewrite Nat.leb_refl. apply W.
  Qed.
  Theorem causal_computes n x : computes causal_attention n d d x (attend_causal n x).
  Proof. apply causal_of_computes, front_meaning; auto. Qed.

  (* The block is in TC0 and computes attention with a causal mask, with the bounds that the
     analysis finds. *)
  Theorem causal_attention_certified lev count : analyse causal_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile causal_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => attend_causal n (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intro A. exact (block_certified _ d d p _ lev count (fun n x _ => causal_computes n _) A).
  Qed.
End Causal.
Print Assumptions causal_computes.
Print Assumptions causal_attention_certified.

(* Certifies a concrete program whose operations are those of the block. The goal is the conclusion
   of causal_attention_certified, from `forall n` on, with the program in place of the block; the
   parameters are read off what is to be computed. *)
Ltac certify_causal_attention :=
  lazymatch goal with
  | |- context [attend_causal ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _
      (decode _ ?p _)] =>
    let H := eval vm_compute in (d / e)%nat in
    certify_block (causal_block d H e p WQ WK WV base jumps unit lo levels)
      (causal_attention_certified d H e p WQ WK WV base jumps unit lo levels)
  end.
