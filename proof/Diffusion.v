(* The sampler of a diffusion policy without noise: its program, which computes `draw` of
   DiffusionDefinitions.v, for all weights of the context and all units of hidden sums. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions DiffusionDefinitions Vocabulary Words Generic Rounding Values.
From TC0 Require Import Vectors.
Import ListNotations.
Open Scope Z_scope.

(* What is known of an operation is known of its value. *)
Ltac as_value V H := apply (fun K => eq_ind_r (fun t => vector t _ _) K V) in H; clear V.

(* A context of `size` numbers of p bits, m numbers of q bits, h hidden units. *)
Section Sampler.
  Variables (size : poly) (m h p q : nat) (W : idx -> Z).

  (* The operations of a step, from number a on; v is the numbers, and 2 the sums of the context. *)
  Definition guide_ops (v a : nat) (s : guided) : list op :=
    [ linear [[h]] [m] 0 (v_weight s) (v_bias s) v;
      affine [[h]] (v_parts s) 0 a;
      OAdd 2 (a + 1);
      affine [[h]] (v_gain s) 0 (a + 2);
      OStep 0 (rounded (v_unit1 s) 0 (v_top s)) (a + 3);
      linear [[m]] [h] 0 (v_back s) [] (a + 4);
      affine [[m]] (v_keep s) 0 v;
      affine [[m]] (v_pull s) 0 (a + 5);
      OAdd (a + 6) (a + 7);
      step (v_lo s) (round_jumps (v_unit s) (v_lo s) (v_levels s)) (a + 8) ].

  (* Steps one after another. *)
  Fixpoint draw_ops (v a : nat) (steps : list guided) : list op :=
    match steps with
    | [] => []
    | s :: r => guide_ops v a s ++ draw_ops (a + 9) (a + 10) r
    end.

  (* The program. *)
  Definition draw_block (steps : list guided) : prog :=
    mkProg [integers [size] p; integers [[m]] q]
      (weighted [[h]] size 0 W (CK 0) 0 :: draw_ops 1 3 steps)
      [match steps with [] => 1 | _ => 2 + 10 * length steps end]%nat.

  (* What a step means. *)
  Lemma guide_meaning n E v a s c X : values n E a (guide_ops v a s) ->
    0 < v_unit1 s -> 0 < v_unit s ->
    vector (nth 2 E tnone) (peval [h] n) c -> vector (nth v E tnone) (peval [m] n) X ->
    vector (nth (a + 9) E tnone) (peval [m] n) (guide m h c s X).
  Proof.
    intros V U1 U HC HX.
    pose proof (V 0%nat _ eq_refl) as V0. rewrite Nat.add_0_r in V0.
    pose proof (V 1%nat _ eq_refl) as V1. pose proof (V 2%nat _ eq_refl) as V2.
    pose proof (V 3%nat _ eq_refl) as V3. pose proof (V 4%nat _ eq_refl) as V4.
    pose proof (V 5%nat _ eq_refl) as V5. pose proof (V 6%nat _ eq_refl) as V6.
    pose proof (V 7%nat _ eq_refl) as V7. pose proof (V 8%nat _ eq_refl) as V8.
    pose proof (V 9%nat _ eq_refl) as V9. clear V.
    pose proof (linear_vector n E [m] [h] (v_weight s) (v_bias s) v _ HX) as H. as_value V0 H.
    apply (affine_vector n E [h] (v_parts s) 0) in H. as_value V1 H.
    apply (add_vector n E _ _ _ _ _ HC) in H. as_value V2 H.
    apply (affine_vector n E [h] (v_gain s) 0) in H. as_value V3 H.
    apply (rounded_vector n E _ (v_unit1 s) 0 (v_top s)) in H; auto. as_value V4 H.
    apply (linear_vector n E [h] [m] (v_back s) []) in H.
    as_value V5 H.
    pose proof (affine_vector n E [m] (v_keep s) 0 v _ HX) as H6. as_value V6 H6.
    apply (affine_vector n E [m] (v_pull s) 0) in H. as_value V7 H.
    pose proof (add_vector n E _ _ _ _ _ H6 H) as H8. as_value V8 H8.
    apply (step_constant_vector n E _ (v_lo s)
      (round_jumps (v_unit s) (v_lo s) (v_levels s))) in H8. as_value V9 H8.
    eapply vector_ext; [exact H8 |]. intros f F. cbn beta. rewrite stair_round by auto.
    unfold guide. rewrite !length_c, !Z.add_0_l.
    replace (nth f [] 0) with 0 by now destruct f. reflexivity.
  Qed.

  (* What steps one after another mean. *)
  Lemma draw_steps n E c steps : forall v a X, values n E a (draw_ops v a steps) ->
    Forall (fun s => 0 < v_unit1 s /\ 0 < v_unit s) steps ->
    vector (nth 2 E tnone) (peval [h] n) c -> vector (nth v E tnone) (peval [m] n) X ->
    vector (nth (match steps with [] => v | _ => a + 10 * length steps - 1 end) E tnone)
      (peval [m] n) (fold_left (fun x s => guide m h c s x) steps X).
  Proof.
    induction steps as [| s r IH]; intros v a X V U HC HX; cbn [fold_left]; [exact HX |].
    cbn [draw_ops] in V. apply values_app in V. destruct V as [V V'].
    inversion_clear U as [| ? ? [U1 U2] Ur].
    pose proof (guide_meaning n E v a s c X V U1 U2 HC HX) as H.
    change (length (guide_ops v a s)) with 10%nat in V'.
    pose proof (IH (a + 9)%nat (a + 10)%nat _ V' Ur HC H) as Hr. cbn [length] in *.
    replace (a + 10 * S (length r) - 1)%nat with
      (match r with [] => a + 9 | _ => a + 10 + 10 * length r - 1 end)%nat
      by (destruct r; cbn [length]; lia).
    exact Hr.
  Qed.

  (* The operations read what was there before. *)
  Lemma draw_ordered steps : forall v a, (v < a)%nat -> (2 < a)%nat ->
    ordered a (draw_ops v a steps).
  Proof.
    induction steps as [| s r IH]; intros v a V A; cbn [draw_ops]; [exact I |].
    apply ordered_app; [unfold guide_ops; in_order |].
    change (length (guide_ops v a s)) with 10%nat. apply IH; lia.
  Qed.

  (* The program means the sampler, if all units are positive. *)
  Theorem draw_meaning steps n x : Forall (fun s => 0 < v_unit1 s /\ 0 < v_unit s) steps ->
    meaning (draw_block steps) n x =
      map (draw (peval size n) m h (fun o k => W [o; k]) steps (decode_from 0 p x)
        (decode_from (peval size n * p) q x)) (seq 0 m).
  Proof.
    intro U. unfold meaning. cbn [p_outs p_ops p_ins draw_block flat_map sems0].
    rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (t1 := sem0 _ n _ x).
    set (ops := _ :: draw_ops 1 3 steps).
    assert (V : values n (sems n ops [t0; t1]) 2 ops).
    { apply (sems_values n ops [t0; t1]). split; [intros k [<- | []]; cbn; lia |].
      apply draw_ordered; cbn; lia. }
    assert (H0 : vector (nth 0 (sems n ops [t0; t1]) tnone) (peval size n) (decode_from 0 p x))
      by (rewrite sems_old by (cbn; lia); apply input_vector).
    assert (H1 : vector (nth 1 (sems n ops [t0; t1]) tnone) (peval [m] n)
      (decode_from (peval size n * p) q x)).
    { rewrite sems_old by (cbn; lia). cbn [nth]. subst t1.
      replace (0 + nbits (integers [size] p) n)%nat with (peval size n * p)%nat
        by (unfold nbits; cbn; lia). apply input_vector. }
    set (E := sems n ops [t0; t1]) in *. clearbody E.
    change ops with ([weighted [[h]] size 0 W (CK 0) 0] ++ draw_ops 1 3 steps) in V.
    apply values_app in V. destruct V as [V0 V].
    pose proof (V0 0%nat _ eq_refl : nth 2 E tnone = _) as V2.
    pose proof (weighted_vector n E size [h] W (CK 0) 0 _ H0) as H2. as_value V2 H2.
    pose proof (draw_steps n E _ steps 1 3 _ V U H2 H1) as H.
    replace (match steps with [] => 1 | _ => 3 + 10 * length steps - 1 end)%nat with
      (match steps with [] => 1 | _ => 2 + 10 * length steps end)%nat in H
      by (destruct steps; cbn [length]; lia).
    rewrite (vector_elements _ _ _ H), length_c. reflexivity.
  Qed.
End Sampler.
Print Assumptions draw_meaning.
