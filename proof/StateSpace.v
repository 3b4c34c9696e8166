(* Time-invariant state-space models: the program, a convolution and a staircase, computes
   state_space of SequenceDefinitions.v, for all kernels. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Generic Rounding Sums Values.
Import ListNotations.
Open Scope Z_scope.

(* The convolution of value a, which has d features; its own first value has number b. *)
Definition convolution (d : nat) (ks : list (list Z)) (a b : nat) : list op :=
  [ gather [pn; [d]] [IV 0; IV 1] a;
    OSum [pn; [d]] [pn] (taps ks 0 2 1) (CK 0) [IV 2; IV 1] b ].

(* What it means, wherever it stands. *)
Lemma convolution_rows n E d ks a b X :
  values n E b (convolution d ks a b) ->
  rows (nth a E tnone) n d X -> rows (nth (S b) E tnone) n d (convolve ks X).
Proof.
  intros V [_ H].
  pose proof (V 0%nat _ eq_refl) as V0. rewrite Nat.add_0_r in V0.
  pose proof (V 1%nat _ eq_refl) as V1. rewrite Nat.add_1_r in V1.
  rewrite V1. clear V V1. split; [cbn [sem1 fst]; now lengths |].
  intros t f T F. rewrite sum_sem by inside. lengths. rewrite zsum_box1.
  unfold convolve. cbn [cval]. rewrite Z.add_0_l.
  rewrite (bigsum_less (S t) n); [| lia |].
  - apply bigsum_ext. intros s S. cbn [taps cval nth imap map ieval app].
    rewrite (proj2 (Nat.leb_le _ _)) by lia. f_equal.
    rewrite V0. follow. apply H; lia.
  - intros s S. cbn [taps cval nth app]. now rewrite (proj2 (Nat.leb_gt _ _)) by lia.
Qed.

(* The program: an input of p bits for each feature. *)
Definition state_space_block (d p : nat) (ks : list (list Z)) (unit lo : Z) (levels : nat) : prog :=
  mkProg [integers [pn; [d]] p]
    (convolution d ks 0 1 ++ [step lo (round_jumps unit lo levels) 2]) [3%nat].

(* It means the state-space model. *)
Theorem state_space_meaning d p ks unit lo levels n x : 0 < unit ->
  meaning (state_space_block d p ks unit lo levels) n x =
    flat_map (fun t => map (fun f => state_space ks unit lo levels (decode d p x) t f) (seq 0 d))
      (seq 0 n).
Proof.
  intro U. unfold meaning. cbn [p_outs p_ops p_ins state_space_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := convolution d ks 0 1 ++ _).
  assert (V : values n (sems n ops [t0]) 1 ops) by (apply (sems_values n ops [t0]); in_order).
  set (E := sems n ops [t0]) in *.
  assert (H0 : rows (nth 0 E tnone) n d (decode d p x)).
  { unfold E. rewrite sems_stay by (simpl; lia). apply input_rows. }
  clearbody E. apply rows_elements.
  apply values_app in V. destruct V as [V V3].
  apply convolution_rows with (X := decode d p x) in V; auto.
  pose proof (V3 0%nat _ eq_refl) as W. cbn [Nat.add length convolution] in W. rewrite W.
  eapply rows_ext; [apply step_rows; exact V |].
  intros t f T F. cbn beta. now rewrite stair_round.
Qed.
Print Assumptions state_space_meaning.
