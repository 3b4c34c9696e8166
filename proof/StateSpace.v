(* Time-invariant state-space models: the program, a convolution and a staircase, computes
   state_space of SequenceDefinitions.v, for all kernels. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Words Generic Rounding SumParts.
From TC0 Require Import Values Vectors.
Import ListNotations.
Open Scope Z_scope.

(* The convolution of value a, which has d features; its own first value has number b. The weights
   are over positions t, features f and positions s. *)
Definition convolution (d : nat) (w : coef) (a b : nat) : list op :=
  [ gather [pn; [d]] [IV 0; IV 1] a;
    OSum [pn; [d]] [pn] w (CK 0) [IV 2; IV 1] b ].

(* Weights that are those of a kernel. *)
Definition has_kernel (n : nat) (w : coef) (kernel : nat -> nat -> Z) : Prop :=
  forall t f s, cval w n [t; f; s] = if (s <=? t)%nat then kernel f (t - s)%nat else 0.

(* Those that have taps in lists. *)
Lemma taps_kernel n ks : has_kernel n (taps ks 0 2 1) (kernel_of ks).
Proof. now intros t f s. Qed.

(* The array of a kernel, over t, s and f. *)
Definition causal_kernel (kernel : nat -> nat -> Z) (v : idx) : Z :=
  let t := nth 0 v 0%nat in let s := nth 1 v 0%nat in
  if (s <=? t)%nat then kernel (nth 2 v 0%nat) (t - s)%nat else 0.

(* Those that are such an array. *)
Lemma chosen_kernel n kernel :
  has_kernel n (chosen (causal_kernel kernel) [IV 0; IV 2; IV 1]) kernel.
Proof. now intros t f s. Qed.

(* What a convolution means, wherever it stands. *)
Lemma convolution_rows n E d w kernel a b X :
  has_kernel n w kernel -> values n E b (convolution d w a b) ->
  holds (nth a E tnone) n d X -> holds (nth (S b) E tnone) n d (convolve kernel X).
Proof.
  intros K V [_ H].
  pose proof (V 0%nat _ eq_refl) as V0. rewrite Nat.add_0_r in V0.
  pose proof (V 1%nat _ eq_refl) as V1. rewrite Nat.add_1_r in V1.
  rewrite V1. clear V V1. split; [cbn [sem1 fst]; now lengths |].
  intros t f T F. rewrite sum_sem by inside. lengths. rewrite zsum_box1.
  unfold convolve. cbn [cval app]. rewrite Z.add_0_l.
  rewrite (bigsum_less (S t) n); [| lia |].
  - apply bigsum_ext. intros s S. rewrite K, (proj2 (Nat.leb_le _ _)) by lia.
    f_equal. cbn [imap map ieval nth]. rewrite V0. follow. apply H; lia.
  - intros s S. rewrite K, (proj2 (Nat.leb_gt _ _)) by lia. reflexivity.
Qed.

(* The program: an input of p bits for each feature. *)
Definition state_space_block (d p : nat) (w : coef) (unit lo : Z) (levels : nat) : prog :=
  mkProg [integers [pn; [d]] p]
    (convolution d w 0 1 ++ [step lo (round_jumps unit lo levels) 2]) [3%nat].

(* It means the state-space model. *)
Lemma state_space_block_meaning d p w kernel unit lo levels n x :
  has_kernel n w kernel -> 0 < unit ->
  meaning (state_space_block d p w unit lo levels) n x =
    flat_map (fun t => map (fun f =>
      state_space kernel unit lo levels (decode d p x) t f) (seq 0 d)) (seq 0 n).
Proof.
  intros K U. unfold meaning. cbn [p_outs p_ops p_ins state_space_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := convolution d w 0 1 ++ _).
  assert (V : values n (sems n ops [t0]) 1 ops) by (apply (sems_values n ops [t0]); in_order).
  set (E := sems n ops [t0]) in *.
  assert (H0 : holds (nth 0 E tnone) n d (decode d p x)).
  { unfold E. rewrite sems_old by (simpl; lia). apply input_holds. }
  clearbody E. apply elements_holds.
  apply values_app in V. destruct V as [V V3].
  apply (convolution_rows n E d w kernel 0 1 (decode d p x) K) in V; auto.
  pose proof (V3 0%nat _ eq_refl) as W. cbn [Nat.add length convolution] in W. rewrite W.
  eapply holds_ext; [apply step_holds; exact V |].
  intros t f T F. cbn beta. now rewrite stair_round.
Qed.

(* With taps in lists. *)
Theorem state_space_meaning d p ks unit lo levels n x : 0 < unit ->
  meaning (state_space_block d p (taps ks 0 2 1) unit lo levels) n x =
    flat_map (fun t => map (fun f =>
      state_space (kernel_of ks) unit lo levels (decode d p x) t f) (seq 0 d)) (seq 0 n).
Proof. apply state_space_block_meaning, taps_kernel. Qed.
Print Assumptions state_space_meaning.

(* With a kernel that may go on for ever. *)
Theorem state_space_all_meaning d p kernel unit lo levels n x : 0 < unit ->
  meaning (state_space_block d p (chosen (causal_kernel kernel) [IV 0; IV 2; IV 1]) unit lo levels)
      n x =
    flat_map (fun t => map (fun f =>
      state_space kernel unit lo levels (decode d p x) t f) (seq 0 d)) (seq 0 n).
Proof. apply state_space_block_meaning, chosen_kernel. Qed.
Print Assumptions state_space_all_meaning.

(* ---- the output at the last position only ---- *)

(* The program: the last position is chosen before the staircase. *)
Definition last_output_block (d p : nat) (w : coef) (unit lo : Z) (levels : nat) : prog :=
  mkProg [integers [pn; [d]] p]
    (convolution d w 0 1 ++
      [ from_end [[1%nat]; [d]] pn (IC 1) [IV 2; IV 1] 2;
        gather [[d]] [IC 0; IV 0] 3;
        step lo (round_jumps unit lo levels) 4 ]) [5%nat].

(* It means the state-space model there. *)
Theorem last_output_meaning d p ks unit lo levels n x : (1 <= n)%nat -> 0 < unit ->
  meaning (last_output_block d p (taps ks 0 2 1) unit lo levels) n x =
    map (state_space (kernel_of ks) unit lo levels (decode d p x) (pred n)) (seq 0 d).
Proof.
  intros N U. unfold meaning. cbn [p_outs p_ops p_ins last_output_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := convolution d _ 0 1 ++ _).
  assert (V : values n (sems n ops [t0]) 1 ops) by (apply (sems_values n ops [t0]); in_order).
  set (E := sems n ops [t0]) in *.
  assert (H0 : holds (nth 0 E tnone) n d (decode d p x)).
  { unfold E. rewrite sems_old by (simpl; lia). apply input_holds. }
  clearbody E. apply values_app in V. destruct V as [V V3].
  apply (convolution_rows n E d _ (kernel_of ks) 0 1 (decode d p x) (taps_kernel n ks)) in V; auto.
  destruct V as [S2 H2]. cbn [length convolution Nat.add] in V3.
  pose proof (V3 0%nat _ eq_refl : nth 3 E tnone = _) as W3.
  pose proof (V3 1%nat _ eq_refl : nth 4 E tnone = _) as W4.
  pose proof (V3 2%nat _ eq_refl : nth 5 E tnone = _) as W5. clear V3.
  assert (H4 : vector (nth 4 E tnone) d (convolve (kernel_of ks) (decode d p x) (pred n))).
  { rewrite W4. split; [cbn [sem1 fst gather]; now lengths |]. intros f F. follow. rewrite W3.
    unfold from_end. rewrite sum_sem by inside. lengths. rewrite zsum_box1.
    cbn [cval app length nth imap map ieval]. rewrite length_n, Z.add_0_l.
    rewrite (bigsum_pick n _ (pred n)) by (lia || (intros k K D;
      now rewrite (proj2 (Nat.eqb_neq _ _)) by lia)).
    rewrite (proj2 (Nat.eqb_eq _ _)) by lia. rewrite Z.mul_1_l. apply H2; lia. }
  apply vector_elements. rewrite W5.
  eapply vector_ext; [apply step_constant_vector, H4 |].
  intros f F. cbn beta. now rewrite stair_round.
Qed.
Print Assumptions last_output_meaning.
