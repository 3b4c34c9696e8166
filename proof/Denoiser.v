(* Samplers of diffusion models: the program, whose inputs are numbers and the noise of each step,
   computes `sample` of Definitions.v, for all weights and any number of steps. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Generic Rounding Values Vectors.
Import ListNotations.
Open Scope Z_scope.

(* What is chosen for a step: the layers of its perceptron with the unit of the first one, the
   weights of the three terms, and the unit of their sum. *)
Record chosen_step := mkChosen {
  c_weight1 : idx -> Z;
  c_bias1 : idx -> Z;
  c_unit1 : Z;
  c_weight2 : idx -> Z;
  c_bias2 : idx -> Z;
  c_keep : Z;
  c_pull : Z;
  c_spread : Z;
  c_unit : Z }.

(* What all steps share: m numbers of p bits, noise of q bits, h hidden units. *)
Section Sampler.
  Variables (m h : poly) (p q : nat) (gain : Z) (top : nat) (lo : Z) (levels : nat).

  (* A step for one n, as Definitions.v has it. *)
  Definition step_at (n : nat) (s : chosen_step) : denoising :=
    mkDenoising (peval h n) (fun o k => c_weight1 s [o; k]) (fun o => c_bias1 s [o]) gain
      (c_unit1 s) top (fun f o => c_weight2 s [f; o]) (fun f => c_bias2 s [f]) (c_keep s) (c_pull s)
      (c_spread s) (c_unit s) lo levels.

  (* The operations of a step, from number a on: v is the numbers, t the noise. *)
  Definition step_ops (v t a : nat) (s : chosen_step) : list op :=
    [ (* a to a + 2: the hidden units *)
      weighted [h] m 0 (c_weight1 s) (chosen (c_bias1 s) [IV 0]) v;
      affine [h] gain 0 a;
      OStep 0 (rounded (c_unit1 s) 0 top) (a + 1);
      (* a + 3: what the perceptron makes *)
      weighted [m] h 0 (c_weight2 s) (chosen (c_bias2 s) [IV 0]) (a + 2);
      (* a + 4 to a + 9: the sum of the three, rounded *)
      affine [m] (c_keep s) 0 v;
      affine [m] (c_pull s) 0 (a + 3);
      OAdd (a + 4) (a + 5);
      affine [m] (c_spread s) 0 t;
      OAdd (a + 6) (a + 7);
      OStep lo (rounded (c_unit s) lo levels) (a + 8) ].

  (* Steps one after another: the first noise is value t. *)
  Fixpoint sampler_ops (v t a : nat) (steps : list chosen_step) : list op :=
    match steps with
    | [] => []
    | s :: r => step_ops v t a s ++ sampler_ops (a + 9) (S t) (a + 10) r
    end.

  (* The program. *)
  Definition sampler (steps : list chosen_step) : prog :=
    let T := length steps in
    mkProg (integers [m] p :: repeat (integers [m] q) T) (sampler_ops 0 1 (S T) steps)
      [(T + 10 * T)%nat].

  (* What a step means. *)
  Lemma step_meaning n E v t a s X N :
    values n E a (step_ops v t a s) -> 0 < c_unit1 s -> 0 < c_unit s ->
    vector (nth v E tnone) (peval m n) X -> vector (nth t E tnone) (peval m n) N ->
    vector (nth (a + 9) E tnone) (peval m n) (denoise (step_at n s) (peval m n) X N).
  Proof.
    intros V U1 U HX HN.
    pose proof (V 0%nat _ eq_refl) as V0. rewrite Nat.add_0_r in V0.
    pose proof (V 1%nat _ eq_refl) as V1. pose proof (V 2%nat _ eq_refl) as V2.
    pose proof (V 3%nat _ eq_refl) as V3. pose proof (V 4%nat _ eq_refl) as V4.
    pose proof (V 5%nat _ eq_refl) as V5. pose proof (V 6%nat _ eq_refl) as V6.
    pose proof (V 7%nat _ eq_refl) as V7. pose proof (V 8%nat _ eq_refl) as V8.
    pose proof (V 9%nat _ eq_refl) as V9. clear V.
    pose proof (weighted_vector n E m h (c_weight1 s) (chosen (c_bias1 s) [IV 0]) v _ HX) as H.
    rewrite <- V0 in H. clear V0.
    apply (affine_vector n E h gain 0) in H. rewrite <- V1 in H. clear V1.
    apply (rounded_vector n E _ (c_unit1 s) 0 top) in H; auto. rewrite <- V2 in H. clear V2.
    apply (weighted_vector n E h m (c_weight2 s) (chosen (c_bias2 s) [IV 0])) in H.
    rewrite <- V3 in H. clear V3.
    pose proof (affine_vector n E m (c_keep s) 0 v _ HX) as H4. rewrite <- V4 in H4. clear V4.
    apply (affine_vector n E m (c_pull s) 0) in H. rewrite <- V5 in H. clear V5.
    pose proof (add_vector n E _ _ _ _ _ H4 H) as H6. rewrite <- V6 in H6. clear V6 H H4.
    pose proof (affine_vector n E m (c_spread s) 0 t _ HN) as H7. rewrite <- V7 in H7. clear V7.
    pose proof (add_vector n E _ _ _ _ _ H6 H7) as H8. rewrite <- V8 in H8. clear V8 H6 H7.
    apply (rounded_vector n E _ (c_unit s) lo levels) in H8; auto. rewrite <- V9 in H8.
    exact H8.
  Qed.

  (* What steps one after another mean. *)
  Lemma steps_meaning n E steps : forall v t a X (N : nat -> nat -> Z),
    values n E a (sampler_ops v t a steps) ->
    Forall (fun s => 0 < c_unit1 s /\ 0 < c_unit s) steps ->
    vector (nth v E tnone) (peval m n) X ->
    (forall k, (k < length steps)%nat -> vector (nth (t + k) E tnone) (peval m n) (N k)) ->
    vector (nth (match steps with [] => v | _ => a + 10 * length steps - 1 end) E tnone)
      (peval m n) (sample (peval m n) (map (step_at n) steps) X N).
  Proof.
    induction steps as [| s r IH]; intros v t a X N V U HX HN; cbn [map sample]; [exact HX |].
    cbn [sampler_ops] in V. apply values_app in V. destruct V as [V V'].
    inversion_clear U as [| ? ? [U1 U2] Ur].
    pose proof (HN 0%nat ltac:(simpl; lia)) as H0. rewrite Nat.add_0_r in H0.
    pose proof (step_meaning n E v t a s X (N 0%nat) V U1 U2 HX H0) as H.
    change (length (step_ops v t a s)) with 10%nat in V'.
    assert (Hr := IH (a + 9)%nat (S t) (a + 10)%nat _ (fun k => N (S k))
      V' Ur H).
    cbn [length] in *.
    replace (a + 10 * S (length r) - 1)%nat with
      (match r with [] => a + 9 | _ => a + 10 + 10 * length r - 1 end)%nat
      by (destruct r; cbn [length]; lia).
    apply Hr. intros k K. replace (S t + k)%nat with (t + S k)%nat by lia. apply HN. lia.
  Qed.

  (* The tensor of an input that is one of several alike. *)
  Lemma input_repeat n x i T : forall o k, (k < T)%nat ->
    nth k (sems0 (repeat i T) n o x) tnone = sem0 i n (o + k * nbits i n) x.
  Proof.
    induction T as [| T IH]; intros o k K; [lia |]. cbn [repeat sems0].
    destruct k as [| k]; cbn [nth]; [f_equal; lia |].
    rewrite IH by lia. f_equal. lia.
  Qed.

  (* There is a tensor for each input. *)
  Lemma inputs_count n x ins : forall o, length (sems0 ins n o x) = length ins.
  Proof. induction ins; intro o; cbn [sems0 length]; auto. Qed.

  (* The operations read what was there before. *)
  Lemma sampler_ordered steps : forall v t a, (v < a)%nat -> (t + length steps <= a)%nat ->
    ordered a (sampler_ops v t a steps).
  Proof.
    induction steps as [| s r IH]; intros v t a V T; cbn [sampler_ops length] in *; [exact I |].
    apply ordered_app; [unfold step_ops; in_order |].
    change (length (step_ops v t a s)) with 10%nat. apply IH; lia.
  Qed.

  (* The program means the sampler, if all units are positive. The noise of a step stands behind
     the numbers and the noise of those before it. *)
  Theorem sampler_meaning steps n x :
    Forall (fun s => 0 < c_unit1 s /\ 0 < c_unit s) steps ->
    meaning (sampler steps) n x =
      map (sample (peval m n) (map (step_at n) steps) (decode_from 0 p x)
        (fun t => decode_from (peval m n * p + t * (peval m n * q)) q x)) (seq 0 (peval m n)).
  Proof.
    intro U. unfold meaning. cbn [p_outs p_ops p_ins sampler flat_map]. rewrite app_nil_r.
    set (T := length steps). set (ins := integers [m] p :: _).
    set (ops := sampler_ops 0 1 (S T) steps).
    assert (L : length (sems0 ins n 0 x) = S T)
      by (rewrite inputs_count; unfold ins; cbn [length]; now rewrite repeat_length).
    assert (V : values n (sems n ops (sems0 ins n 0 x)) (S T) ops).
    { rewrite <- L. apply sems_values. rewrite L. apply sampler_ordered; unfold T; lia. }
    set (E := sems n ops _) in *.
    assert (H0 : vector (nth 0 E tnone) (peval m n) (decode_from 0 p x))
      by (unfold E; rewrite sems_old by lia; apply input_vector).
    assert (B : forall w, nbits (integers [m] w) n = (peval m n * w)%nat)
      by (intro w; unfold nbits; cbn; lia).
    assert (HN : forall t, (t < T)%nat -> vector (nth (1 + t) E tnone) (peval m n)
      (decode_from (peval m n * p + t * (peval m n * q)) q x)).
    { intros t K. unfold E. rewrite sems_old by lia. unfold ins. cbn [sems0 nth Nat.add].
      rewrite input_repeat, !B by auto. apply input_vector. }
    apply vector_elements.
    replace (T + 10 * T)%nat with
      (match steps with [] => 0 | _ => S T + 10 * length steps - 1 end)%nat
      by (unfold T; destruct steps; cbn [length]; lia).
    exact (steps_meaning n E steps 0 1 (S T) _ _ V U H0 HN).
  Qed.
End Sampler.
Print Assumptions sampler_meaning.

(* Certifies a concrete program whose operations are those of a sampler. *)
Ltac certify_sampler certificate m h p q gain top lo levels steps :=
  certify_meaning certificate (sampler m h p q gain top lo levels steps)
    (sampler_meaning m h p q gain top lo levels steps).
