(* The RMS norm of a staircase: its program, which makes no product, since the square and the sign
   of a staircase are staircases. It computes rms_norm as NormDefinitions.v has it. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions Vocabulary Words Values Blocks Roots Norm.
Import ListNotations.
Open Scope Z_scope.

(* ---- functions of staircases ---- *)

(* The jumps of f of a staircase: those where f changes. *)
Fixpoint image (f : Z -> Z) (base : Z) (js : list (Z * Z)) : list (Z * Z) :=
  match js with
  | [] => []
  | (t, j) :: r =>
    let by_ := f (base + j) - f base in
    if by_ =? 0 then image f (base + j) r else (t, by_) :: image f (base + j) r
  end.

(* Whether thresholds rise. *)
Fixpoint rising (js : list (Z * Z)) : bool :=
  match js with
  | [] => true
  | (t, _) :: r => forallb (fun j => t <=? fst j) r && rising r
  end.

(* If no threshold is reached, a staircase is its base. *)
Lemma stair_below base js y : forallb (fun j => y <? fst j) js = true -> stair base js y = base.
Proof.
  unfold stair. induction js as [| [t j] r IH]; cbn [forallb map zsum fst snd]; [lia |].
  rewrite andb_true_iff, Z.ltb_lt. intros [T R]. specialize (IH R).
  destruct (Z.leb_spec t y); cbn [Z.b2z]; lia.
Qed.

(* The first jump of a staircase. *)
Lemma stair_cons base t j r y :
  stair base ((t, j) :: r) y = stair (base + j * Z.b2z (t <=? y)) r y.
Proof. unfold stair. cbn [map zsum fst snd]. lia. Qed.

(* If no threshold is reached, none of f of the staircase is. *)
Lemma image_below f y js : forall base, forallb (fun j => y <? fst j) js = true ->
  forallb (fun j => y <? fst j) (image f base js) = true.
Proof.
  induction js as [| [t j] r IH]; intro base; cbn [image forallb fst]; auto.
  rewrite andb_true_iff. intros [T R]. destruct (_ =? 0); cbn [forallb fst]; auto.
  rewrite T. cbn [andb]. auto.
Qed.

(* f of a staircase whose thresholds rise is a staircase. *)
Lemma image_ok f y js : forall base, rising js = true ->
  stair (f base) (image f base js) y = f (stair base js y).
Proof.
  induction js as [| [t j] r IH]; intros base;
    [intros _; unfold stair; cbn [image map zsum]; now rewrite !Z.add_0_r |].
  cbn [rising]. rewrite andb_true_iff. intros [T R]. rewrite stair_cons.
  destruct (Z.leb_spec t y) as [L | L]; cbn [Z.b2z].
  - rewrite Z.mul_1_r, <- IH by auto. cbn [image].
    destruct (Z.eqb_spec (f (base + j) - f base) 0) as [E | E].
    + f_equal. lia.
    + rewrite stair_cons, (proj2 (Z.leb_le t y) L). cbn [Z.b2z]. f_equal. lia.
  - assert (B : forallb (fun j => y <? fst j) r = true).
    { rewrite forallb_forall in *. intros x I. specialize (T x I).
      rewrite Z.leb_le in T. apply Z.ltb_lt. lia. }
    rewrite Z.mul_0_r, Z.add_0_r, (stair_below base) by auto. apply stair_below.
    apply image_below. cbn [forallb fst]. now rewrite (proj2 (Z.ltb_lt y t) L), B.
Qed.

(* What a staircase does not rise above. *)
Definition highest (base : Z) (jumps : list (Z * Z)) : Z :=
  base + zsum (map (fun j => Z.max 0 (snd j)) jumps).

(* It does not. *)
Lemma stair_highest base js y : stair base js y <= highest base js.
Proof.
  unfold stair, highest. induction js as [| [t j] r IH]; cbn [map zsum fst snd]; [lia |].
  destruct (t <=? y); cbn [Z.b2z]; lia.
Qed.

(* The greatest number on either side of 0 that a staircase can reach. *)
Definition reach (base : Z) (jumps : list (Z * Z)) : Z :=
  Z.max (- lowest base jumps) (highest base jumps).

(* It is in this range. *)
Lemma stair_reach base js y : - reach base js <= stair base js y <= reach base js.
Proof.
  pose proof (stair_lowest base js y). pose proof (stair_highest base js y).
  unfold reach. lia.
Qed.

(* ---- constants along features ---- *)

(* The constants l of d features, or one if they are equal. *)
Definition by_feature (d : nat) (l : list Z) : coef :=
  match l with
  | [] => CK 0
  | a :: r => if forallb (Z.eqb a) r then CK a else entry [d] l [IV 1]
  end.

(* They are those of the list. *)
Lemma by_feature_ok d l n i f : (f < length l)%nat -> cval (by_feature d l) n [i; f] = nth f l 0.
Proof.
  intro F. destruct l as [| a r]; [now destruct f |]. unfold by_feature.
  destruct (forallb (Z.eqb a) r) eqn:E; [| apply entry_sem].
  rewrite forallb_forall in E. destruct f; [reflexivity |]. cbn [length] in F. cbn [cval nth].
  apply Z.eqb_eq, E, nth_In. lia.
Qed.

(* c + w * a, with constants for each feature. *)
Definition featured (d : nat) (w c : list Z) (a : nat) : op :=
  OSum [pn; [d]] [] (by_feature d w) (by_feature d c) [IV 0; IV 1] a.

(* Its elements. *)
Lemma featured_sem n env d w c a i f : length w = d -> length c = d -> (i < n)%nat -> (f < d)%nat ->
  snd (sem1 n env (featured d w c a)) [i; f] =
    nth f c 0 + nth f w 0 * snd (nth a env tnone) [i; f].
Proof.
  intros W C I F. unfold featured. rewrite sum_sem by inside. unfold dims. cbn [map].
  rewrite zsum_box0, app_nil_r, !by_feature_ok by lia. reflexivity.
Qed.

(* ---- the norm ---- *)

(* The parameters: the staircase, and the numbers of a norm as in Norm.v. *)
Section Norm.
  Variables (base : Z) (js : list (Z * Z)).
  Variables (d : nat) (root2 eps : Z) (gains offsets : list Z) (unit lo : Z) (levels : nat).
  Variable B : Z.

  (* f of the staircase of value 0. *)
  Definition step_image (f : Z -> Z) : op := step (f base) (image f base js) 0.

  (* Whether gain * the staircase is at least 0: the staircase is where the gain is positive, and it
     is not above 0 where the gain is negative. k is the number of the first operation; the result
     is the last. *)
  Definition signs (k : nat) : list op :=
    let zero := map (fun g => Z.b2z (g =? 0)) gains in
    let positive c k :=
      [ step_image (fun x => Z.b2z (0 <=? x));
        featured d (map (fun g => Z.b2z (0 <? g)) gains) c k ] in
    let negative c k :=
      [ step_image (fun x => Z.b2z (x <=? 0));
        featured d (map (fun g => Z.b2z (g <? 0)) gains) c k ] in
    if negb (existsb (fun g => g <? 0) gains) then positive zero k
    else if negb (existsb (fun g => 0 <? g) gains) then negative zero k
    else
      positive zero k ++ negative (map (fun _ => 0) gains) (k + 2)%nat ++ [OAdd (k + 1) (k + 3)].

  (* The staircase of value 0, and its RMS norm. *)
  Definition stair_rms_ops : list op :=
    let k := (7 + length (signs 7))%nat in
    [ (* 1: the staircase *)
      step base js 0;
      (* 2 to 4: its square, and the radicand *)
      step_image (fun x => x * x);
      OSum [pn] [[d]] (CK 1) (CK 0) [IV 0; IV 1] 2;
      affine [pn] root2 eps 3;
      (* 5, 6: the number over the root, which is not read, and its square *)
      OSum [pn; [d]] [] (entry [d] gains [IV 1]) (CK 0) [IV 0; IV 1] 1;
      featured d (map (fun g => g * g) gains) (map (fun _ => 0) gains) 2 ] ++
    signs 7 ++ root d levels unit lo offsets B 6 (k - 1) 4 k.

  (* There is a gain for each feature, and thresholds rise; radicands are not negative. *)
  Hypothesis all_gains : length gains = d.
  Hypothesis thresholds_rise : rising js = true.
  Hypothesis root2_natural : 0 <= root2.
  Hypothesis eps_natural : 0 <= eps.

  (* An element of f of the staircase. *)
  Lemma image_sem n env t u f : holds t n d u -> nth 0 env tnone = t ->
    fst (sem1 n env (step_image f)) = [n; d] /\
    forall i k, (i < n)%nat -> (k < d)%nat ->
    snd (sem1 n env (step_image f)) [i; k] = f (stair base js (u i k)).
  Proof.
    intros [S H] E. unfold step_image. split; [cbn [step sem1 fst]; now rewrite E |].
    intros i k I K. rewrite step_sem; rewrite E; [| rewrite S; now apply inb2].
    rewrite H by auto. now apply image_ok.
  Qed.

  (* The sign of a product. *)
  Lemma sign_mul g x : Z.b2z (0 <=? g * x) =
    Z.b2z (g =? 0) + Z.b2z (0 <? g) * Z.b2z (0 <=? x) + Z.b2z (g <? 0) * Z.b2z (x <=? 0).
  Proof.
    destruct (Z.eqb_spec g 0); destruct (Z.ltb_spec 0 g); destruct (Z.ltb_spec g 0);
      destruct (Z.leb_spec 0 x); destruct (Z.leb_spec x 0); destruct (Z.leb_spec 0 (g * x));
      cbn [Z.b2z]; nia.
  Qed.

  (* What the signs mean. *)
  Lemma signs_meaning n env t u k : holds t n d u -> nth 0 env tnone = t ->
    length env = k -> (1 <= k)%nat ->
    forall i f, (i < n)%nat -> (f < d)%nat ->
    snd (nth (k + length (signs k) - 1) (sems n (signs k) env) tnone) [i; f] =
      Z.b2z (0 <=? nth f gains 0 * stair base js (u i f)).
  Proof.
    intros Ht E L K i f I F.
    assert (M : forall (h : Z -> Z), nth f (map h gains) 0 = h (nth f gains 0)).
    { intro h. rewrite (nth_indep _ 0 (h 0)) by (rewrite map_length; lia). apply map_nth. }
    assert (N : forall l j, nth (k + j) (env ++ l) tnone = nth j l tnone)
      by (intros; rewrite <- L; apply app_nth2_plus).
    assert (N0 : forall l, nth k (env ++ l) tnone = nth 0 l tnone)
      by (intro; rewrite <- (Nat.add_0_r k) at 1; apply N).
    assert (E' : forall l, nth 0 (env ++ l) tnone = t)
      by (intro; rewrite app_nth1 by lia; exact E).
    assert (S : forall h l, snd (sem1 n (env ++ l) (step_image h)) [i; f] =
      h (stair base js (u i f))) by (intros; now apply (image_sem n _ t)).
    assert (S0 : forall h, snd (sem1 n env (step_image h)) [i; f] = h (stair base js (u i f)))
      by (intros; now apply (image_sem n _ t)).
    assert (P : forall P Q : Z -> bool, existsb P gains = false -> (Q 0 = false) ->
      (forall g, P g = false -> Q g = false) -> Q (nth f gains 0) = false).
    { intros P Q X Q0 QP. apply QP. destruct (P (nth f gains 0)) eqn:Y; auto.
      rewrite <- X. symmetry. apply existsb_exists. exists (nth f gains 0). split; auto.
      apply nth_In. lia. }
    assert (W : forall (w c : Z -> Z) e a t v, nth a e tnone = t -> snd t [i; f] = v ->
      snd (sem1 n e (featured d (map w gains) (map c gains) a)) [i; f] =
        c (nth f gains 0) + w (nth f gains 0) * v).
    { intros w c e a s v T V. rewrite featured_sem by (rewrite ?map_length; auto).
      now rewrite !M, T, V. }
    rewrite sign_mul. unfold signs. cbn zeta.
    destruct (existsb (fun g => g <? 0) gains) eqn:Neg; cbn [negb];
      [destruct (existsb (fun g => 0 <? g) gains) eqn:Pos; cbn [negb] |]; cbn [app length].
    - replace (k + 5 - 1)%nat with (k + 4)%nat by lia.
      after t0. assert (H0 := S0 _ : snd t0 [i; f] = _). clearbody t0.
      after t1. assert (S1 : fst t1 = [n; d]) by (subst t1; cbn [sem1 fst featured]; now lengths).
      assert (H1 := W _ _ _ _ t0 _ (N0 [t0]) H0 : snd t1 [i; f] = _). clearbody t1.
      after t2. assert (H2 := S _ _ : snd t2 [i; f] = _). clearbody t2.
      after t3.
      assert (H3 := W _ _ _ _ t2 _ (N [t0; t1; t2] 2%nat) H2 : snd t3 [i; f] = _). clearbody t3.
      after t4. cbn [sems]. rewrite N. cbn [nth]. subst t4.
      unfold sem1. rewrite !N. cbn [nth fst snd]. rewrite S1, table_eq, inb2 by auto.
      rewrite H1, H3. ring.
    - replace (k + 2 - 1)%nat with (k + 1)%nat by lia.
      after t0. assert (H0 := S0 _ : snd t0 [i; f] = _). clearbody t0.
      after t1. assert (H1 := W _ _ _ _ t0 _ (N0 [t0]) H0 : snd t1 [i; f] = _). clearbody t1.
      cbn [sems]. rewrite N. cbn [nth]. rewrite H1.
      rewrite (P _ (fun g => 0 <? g) Pos) by auto. cbn [Z.b2z]. lia.
    - replace (k + 2 - 1)%nat with (k + 1)%nat by lia.
      after t0. assert (H0 := S0 _ : snd t0 [i; f] = _). clearbody t0.
      after t1. assert (H1 := W _ _ _ _ t0 _ (N0 [t0]) H0 : snd t1 [i; f] = _). clearbody t1.
      cbn [sems]. rewrite N. cbn [nth]. rewrite H1.
      rewrite (P _ (fun g => g <? 0) Neg) by auto. cbn [Z.b2z]. lia.
  Qed.

  (* The operations compute the RMS norm of the staircase. *)
  Theorem stair_rms_computes n u :
    squares_below B (reach base js) gains = true ->
    computes stair_rms_ops n d d u
      (rms_norm d root2 eps gains offsets unit lo levels (fun i f => stair base js (u i f))).
  Proof.
    intros SB t Ht. unfold stair_rms_ops. cbn zeta. set (x i f := stair base js (u i f)).
    rewrite !app_length. cbn [length]. rewrite !sems_app.
    next t1. clearbody t1.
    next t2.
    assert (H2 : forall i f, (i < n)%nat -> (f < d)%nat -> snd t2 [i; f] = x i f * x i f)
      by (apply (image_sem n _ t u (fun x => x * x)); auto).
    clearbody t2.
    next t3.
    assert (H3 : forall i, (i < n)%nat -> snd t3 [i] = bigsum d (fun f => x i f * x i f)).
    { subst t3. intros i I. rewrite sum_sem by inside. lengths. rewrite zsum_box1. cbn [cval].
      rewrite Z.add_0_l. apply bigsum_ext. intros f F. cbn [nth imap map ieval app].
      rewrite Z.mul_1_l. now apply H2. }
    clearbody t3.
    next t4.
    assert (H4 : forall i, (i < n)%nat -> snd t4 [i] = radicand d root2 eps x i).
    { subst t4. intros i I. unfold affine. cbn [length seq map]. one. rewrite H3 by auto.
      unfold radicand. ring. }
    clearbody t4.
    next t5. clearbody t5.
    next t6.
    assert (H6 : forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t6 [i; f] = (nth f gains 0 * x i f) * (nth f gains 0 * x i f)).
    { subst t6. intros i f I F. rewrite featured_sem by (rewrite ?map_length; auto).
      rewrite !(nth_indep (map _ gains) 0 ((fun g => g * 0) 0)) by (rewrite map_length; lia).
      rewrite (nth_indep (map (fun g => g * g) gains) _ ((fun g => g * g) 0))
        by (rewrite map_length; lia).
      rewrite (map_nth (fun g => g * g)). cbn [nth]. rewrite H2 by auto.
      replace (nth f (map (fun _ => 0) gains) (0 * 0)) with 0; [ring |].
      rewrite (nth_indep _ _ ((fun _ => 0) 0)) by (rewrite map_length; lia).
      now rewrite (map_nth (fun _ => 0)). }
    clearbody t6. cbn [sems].
    set (env := [t; t1; t2; t3; t4; t5; t6]).
    assert (G := signs_meaning n env t u 7 Ht eq_refl eq_refl ltac:(lia)).
    pose proof (sems_length n (signs 7) env) as L. cbn [length] in L.
    set (s := length (signs 7)) in *. set (env' := sems n (signs 7) env) in *.
    assert (O : forall k, (k < 7)%nat -> nth k env' tnone = nth k env tnone)
      by (intros; now apply sems_old).
    replace (length (root d levels unit lo offsets B 6 (7 + s - 1) 4 (7 + s))) with 7%nat
      by reflexivity.
    assert (s <> 0%nat).
    { subst s. unfold signs. destruct (negb _); [| destruct (negb _)]; discriminate. }
    replace (6 + (s + 7))%nat with (7 + s + 6)%nat by lia.
    apply (root_meaning d levels unit lo offsets B n env' 6 (7 + s - 1) 4 (7 + s)
      (fun i f => nth f gains 0 * x i f) (radicand d root2 eps x)); auto; try lia.
    - intros i f I F. rewrite O by lia. cbn [env nth]. now apply H6.
    - intros i I. rewrite O by lia. cbn [env nth]. now apply H4.
    - intros i I. now apply radicand_natural.
    - intros i f I F. apply (squares_below_ok B (reach base js)); auto. apply stair_reach.
  Qed.
End Norm.
Print Assumptions image_ok.
Print Assumptions stair_rms_computes.
