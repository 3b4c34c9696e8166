(* What the definitions of norms say: comparisons with roots are those with the real root, and a
   norm is the greatest number that is reached. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Integers NormDefinitions.
Import ListNotations.
Open Scope Z_scope.

(* ---- comparisons with roots ---- *)

(* If y is a square, the root is exact. *)
Lemma reaches_exact x t r : 0 < r -> reaches_root x t (r ^ 2) = true <-> t * r <= x.
Proof.
  intro R. unfold reaches_root. replace (t ^ 2 * r ^ 2) with ((t * r) ^ 2) by ring.
  rewrite !Z.pow_2_r. destruct (Z.ltb_spec 0 t) as [T | T].
  - rewrite andb_true_iff, !Z.leb_le. assert (0 < t * r) by nia. split; [nia |].
    intro. split; nia.
  - rewrite orb_true_iff, !Z.leb_le. assert (t * r <= 0) by nia. split; [nia |].
    intro. destruct (Z.leb_spec 0 x); [now left | right; nia].
Qed.

(* For every y > 0 the root is the real one, cut between fractions: x >= t * sqrt y if and only if
   x >= t * (a / b) for all a / b >= 0 that are on the side of sqrt y where this is weaker. *)
Lemma reaches_cut x t y : 0 < y -> reaches_root x t y = true <->
  forall a b, 0 <= a -> 0 < b ->
  (if 0 <? t then a ^ 2 <= y * b ^ 2 else y * b ^ 2 <= a ^ 2) -> t * a <= x * b.
Proof.
  intro Y. unfold reaches_root. destruct (Z.ltb_spec 0 t) as [T | T].
  - rewrite andb_true_iff, !Z.leb_le. split.
    + intros [X S] a b A B C. rewrite !Z.pow_2_r in *.
      assert ((t * a) * (t * a) <= (x * b) * (x * b)).
      { transitivity (t * t * y * (b * b)); nia. }
      assert (0 <= x * b) by nia. nia.
    + intro C. assert (X : 0 <= x) by (specialize (C 0 1); lia). split; [exact X |].
      destruct (Z.leb_spec (t ^ 2 * y) (x ^ 2)) as [| S]; [assumption | exfalso].
      rewrite !Z.pow_2_r in *.
      specialize (C ((2 * x + 1) * x + 1) ((2 * x + 1) * t)). rewrite !Z.pow_2_r in C.
      enough (t * ((2 * x + 1) * x + 1) <= x * ((2 * x + 1) * t)) by nia.
      apply C; [nia | nia |].
      replace (y * ((2 * x + 1) * t * ((2 * x + 1) * t)))
        with ((2 * x + 1) * (2 * x + 1) * (t * t * y)) by ring. nia.
  - rewrite orb_true_iff, !Z.leb_le. split.
    + intros S a b A B C. rewrite !Z.pow_2_r in *. destruct S as [X | S]; [nia |].
      destruct (Z.leb_spec 0 x); [nia |].
      assert ((x * b) * (x * b) <= (t * a) * (t * a)).
      { transitivity (t * t * y * (b * b)); nia. }
      nia.
    + intro C. destruct (Z.leb_spec 0 x) as [| X]; [now left | right].
      destruct (Z.leb_spec (x ^ 2) (t ^ 2 * y)) as [| S]; [assumption | exfalso].
      rewrite !Z.pow_2_r in *. destruct (Z.eq_dec t 0) as [-> | N].
      { specialize (C y 1). rewrite !Z.pow_2_r in C. nia. }
      specialize (C (2 * x * x - 1) (2 * - x * - t)). rewrite !Z.pow_2_r in C.
      enough (t * (2 * x * x - 1) <= x * (2 * - x * - t)) by nia.
      apply C; [nia | nia |].
      replace (y * (2 * - x * - t * (2 * - x * - t))) with (4 * (x * x) * (t * t * y)) by ring.
      nia.
Qed.
Print Assumptions reaches_cut.

(* What is reached is also reached if less has to be. *)
Lemma reaches_less x t t' y : 0 <= y -> t' <= t ->
  reaches_root x t y = true -> reaches_root x t' y = true.
Proof.
  intros Y T. unfold reaches_root. rewrite !Z.pow_2_r.
  destruct (Z.ltb_spec 0 t); destruct (Z.ltb_spec 0 t'); try lia;
    rewrite ?andb_true_iff, ?orb_true_iff, !Z.leb_le.
  - intros [X S]. split; auto. etransitivity; [| exact S].
    apply Z.mul_le_mono_nonneg_r; nia.
  - intros [X | S]; auto. right. etransitivity; [exact S |].
    apply Z.mul_le_mono_nonneg_r; nia.
Qed.

(* For x >= 0 and t > 0 it compares x with the integer root of t^2 * y, rounded up. *)
Lemma reaches_sqrt x t y : 0 <= x -> 0 < t -> 0 < y ->
  reaches_root x t y = true <-> Z.sqrt_up (t ^ 2 * y) <= x.
Proof.
  intros X T Y. unfold reaches_root. rewrite (proj2 (Z.ltb_lt 0 t)), (proj2 (Z.leb_le 0 x)) by auto.
  cbn [andb]. rewrite Z.leb_le, (Z.pow_2_r x). apply Z.sqrt_up_le_square; nia.
Qed.
Print Assumptions reaches_sqrt.

(* ---- levels ---- *)

(* If what is reached goes from the first on, a number is reached if and only if it is below their
   count. *)
Lemma count_reached (P : nat -> bool) : (forall k, P (S k) = true -> P k = true) ->
  forall m, 0 <= bigsum m (fun k => Z.b2z (P k)) <= Z.of_nat m /\
  forall k, (k < m)%nat -> P k = true <-> Z.of_nat k < bigsum m (fun k => Z.b2z (P k)).
Proof.
  intro D. assert (D' : forall j k, (j <= k)%nat -> P k = true -> P j = true).
  { intros j k L. induction L; auto. }
  induction m as [| m [B IH]]; [split; [unfold bigsum; simpl; lia | lia] |].
  rewrite bigsum_S. destruct (P m) eqn:E; cbn [Z.b2z].
  - enough (F : bigsum m (fun k => Z.b2z (P k)) = Z.of_nat m).
    { rewrite F. split; [lia |]. intros k K. split; [lia |]. intros _.
      apply (D' k m); [lia | exact E]. }
    destruct m; [reflexivity |].
    pose proof (proj1 (IH m ltac:(lia)) (D' m (S m) ltac:(lia) E)). lia.
  - split; [lia |]. intros k K. destruct (Nat.eq_dec k m) as [-> | N].
    + rewrite E. split; [discriminate | lia].
    + rewrite (IH k) by lia. lia.
Qed.

(* Where the levels above lo that are reached are counted, a level is at most the count if and only
   if it is reached itself: lo and the count are the floor of (x / sqrt y + offset) / unit, clipped
   to lo .. lo + m. *)
Lemma root_levels x y unit offset lo m q : 0 <= y -> 0 <= unit -> lo < q <= lo + Z.of_nat m ->
  reaches_root x (unit * q - offset) y = true <->
  q <= lo + bigsum m (fun k =>
    Z.b2z (reaches_root x (unit * (lo + 1 + Z.of_nat k) - offset) y)).
Proof.
  intros Y U Q.
  destruct (count_reached (fun k => reaches_root x (unit * (lo + 1 + Z.of_nat k) - offset) y))
    with (m := m) as [_ C]; [intro k; apply reaches_less; [exact Y | nia] |].
  specialize (C (Z.to_nat (q - lo - 1)) ltac:(lia)). rewrite Z2Nat.id in C by lia.
  replace (lo + 1 + (q - lo - 1)) with q in C by lia. rewrite C. lia.
Qed.
Print Assumptions root_levels.

(* ---- norms ---- *)

(* A radicand is not negative. *)
Lemma radicand_natural d root2 eps x i : 0 <= root2 -> 0 <= eps -> 0 <= radicand d root2 eps x i.
Proof.
  intros R E. unfold radicand. enough (0 <= bigsum d (fun f => x i f * x i f)) by nia.
  clear. induction d; [reflexivity |]. rewrite bigsum_S.
  pose proof (Z.square_nonneg (x i d)). lia.
Qed.

(* An RMS norm is in lo .. lo + levels, and of the numbers above lo there it has reached those that
   are not above it: it is the greatest that is reached. *)
Lemma rms_norm_ok d root2 eps gains offsets unit lo levels x i f :
  0 <= unit -> 0 <= root2 -> 0 <= eps ->
  let y := rms_norm d root2 eps gains offsets unit lo levels x i f in
  lo <= y <= lo + Z.of_nat levels /\
  forall q, lo < q <= lo + Z.of_nat levels ->
  norm_reaches d root2 eps gains offsets unit x i f q = true <-> q <= y.
Proof.
  intros U R E y. pose proof (radicand_natural d root2 eps x i R E) as S.
  subst y. unfold rms_norm. split; [| intros q Q; now apply root_levels].
  destruct (count_reached (fun k =>
    norm_reaches d root2 eps gains offsets unit x i f (lo + 1 + Z.of_nat k))) with (m := levels)
    as [B _]; [| lia].
  intro k. unfold norm_reaches. apply reaches_less; [exact S | nia].
Qed.
Print Assumptions rms_norm_ok.
