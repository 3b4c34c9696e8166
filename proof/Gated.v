(* The gated linear unit, and the cell of an Elman network, which has two inputs: their programs,
   which compute `gated` and `elman` of Definitions.v, for all weights. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Generic Rounding Values Vectors.
Import ListNotations.
Open Scope Z_scope.

(* ---- the gated linear unit ---- *)

(* The program: m inputs of p bits, h outputs. Weights, the k jumps of the activation and the unit
   are chosen for each n. *)
Definition gated_block (m h : poly) (p : nat) (G W : idx -> Z) (base : Z) (at_ by_ : nat -> Z)
    (k : nat) (unit lo : Z) (levels : nat) : prog :=
  mkProg [integers [m] p]
    [ weighted [h] m 0 G (CK 0) 0;
      OStep base (jumps at_ by_ k) 1;
      weighted [h] m 0 W (CK 0) 0;
      OCon [h] [] [IV 0] [IV 0] 2 3;
      OStep lo (rounded unit lo levels) 4 ] [5%nat].

(* It means the unit. *)
Theorem gated_meaning m h p G W base at_ by_ k unit lo levels n x : 0 < unit ->
  meaning (gated_block m h p G W base at_ by_ k unit lo levels) n x =
    map (gated (peval m n) (fun o k => G [o; k]) (fun o k => W [o; k])
      (stair base (map (fun j => (at_ j, by_ j)) (seq 0 k))) unit lo levels (decode_from 0 p x))
      (seq 0 (peval h n)).
Proof.
  intro U. unfold meaning. cbn [p_outs p_ops p_ins gated_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := [_; _; _; _; _]).
  assert (V : values n (sems n ops [t0]) 1 ops) by (apply (sems_values n ops [t0]); in_order).
  set (E := sems n ops [t0]) in *.
  assert (H0 : vector (nth 0 E tnone) (peval m n) (decode_from 0 p x))
    by (unfold E; rewrite sems_old by (simpl; lia); apply input_vector).
  clearbody E. apply vector_elements.
  pose proof (V 0%nat _ eq_refl : nth 1 E tnone = _) as V1.
  pose proof (V 1%nat _ eq_refl : nth 2 E tnone = _) as V2.
  pose proof (V 2%nat _ eq_refl : nth 3 E tnone = _) as V3.
  pose proof (V 3%nat _ eq_refl : nth 4 E tnone = _) as V4.
  pose proof (V 4%nat _ eq_refl : nth 5 E tnone = _) as V5. clear V.
  pose proof (weighted_vector n E m h G (CK 0) 0 _ H0) as H1. rewrite <- V1 in H1.
  pose proof (jumps_vector n E _ base at_ by_ k 1 _ H1) as H2. rewrite <- V2 in H2.
  pose proof (weighted_vector n E m h W (CK 0) 0 _ H0) as H3. rewrite <- V3 in H3.
  pose proof (times_vector n E h 2 3 _ _ H2 H3) as H4. rewrite <- V4 in H4.
  pose proof (rounded_vector n E _ unit lo levels 4 _ U H4) as H5. rewrite <- V5 in H5.
  exact H5.
Qed.
Print Assumptions gated_meaning.

(* ---- the cell of an Elman network ---- *)

(* The program: m inputs of p bits, and a state of h features of q bits. *)
Definition elman_block (m h p q : nat) (W U : list (list Z)) (bias : list Z) (base : Z)
    (jumps : list (Z * Z)) : prog :=
  mkProg [integers [[m]] p; integers [[h]] q]
    [ linear [[h]] [m] 0 W bias 0;
      linear [[h]] [h] 0 U [] 1;
      OAdd 2 3;
      step base jumps 4 ] [5%nat].

(* It means the cell. *)
Theorem elman_meaning m h p q W U bias base jumps n x :
  meaning (elman_block m h p q W U bias base jumps) n x =
    map (elman m h W U bias base jumps (decode_from 0 p x) (decode_from (m * p) q x)) (seq 0 h).
Proof.
  unfold meaning. cbn [p_outs p_ops p_ins elman_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (t1 := sem0 _ n _ x).
  set (ops := [_; _; _; _]).
  assert (V : values n (sems n ops [t0; t1]) 2 ops)
    by (apply (sems_values n ops [t0; t1]); in_order).
  set (E := sems n ops [t0; t1]) in *.
  assert (H0 : vector (nth 0 E tnone) (peval [m] n) (decode_from 0 p x))
    by (unfold E; rewrite sems_old by (simpl; lia); apply input_vector).
  assert (H1 : vector (nth 1 E tnone) (peval [h] n) (decode_from (m * p) q x)).
  { unfold E. rewrite sems_old by (simpl; lia). cbn [nth]. subst t1.
    replace (0 + nbits (integers [[m]] p) n)%nat with (m * p)%nat
      by (unfold nbits; cbn; lia). apply input_vector. }
  clearbody E.
  pose proof (V 0%nat _ eq_refl : nth 2 E tnone = _) as V2.
  pose proof (V 1%nat _ eq_refl : nth 3 E tnone = _) as V3.
  pose proof (V 2%nat _ eq_refl : nth 4 E tnone = _) as V4.
  pose proof (V 3%nat _ eq_refl : nth 5 E tnone = _) as V5. clear V.
  pose proof (eq_ind_r (fun t => vector t _ _) (linear_vector n E [m] [h] W bias 0 _ H0) V2) as H2.
  pose proof (eq_ind_r (fun t => vector t _ _) (linear_vector n E [h] [h] U [] 1 _ H1) V3) as H3.
  pose proof (add_vector n E _ 2 3 _ _ H2 H3) as H4. rewrite <- V4 in H4.
  pose proof (step_constant_vector n E _ base jumps 4 _ H4) as H5. rewrite <- V5 in H5.
  rewrite !length_c in H5. apply vector_elements.
  eapply vector_ext; [exact H5 |]. intros o O. cbn beta. unfold elman.
  f_equal. f_equal. now destruct o.
Qed.
Print Assumptions elman_meaning.
