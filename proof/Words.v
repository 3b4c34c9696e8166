(* More words of exported programs: norms, tables of rows, windows, and numbers that are chosen for
   each n. Each is one of the operations of Program.v. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* ---- roots: floor ((x / sqrt y + offset) / unit), clipped to lo .. lo + m ---- *)

(* Level q of the quotient is reached if x >= tau * sqrt y, for tau = unit * (lo + 1 + q) - offset.
   The offset stands along axis k, the last of x, and q is the coordinate behind it. *)
Definition tau (unit lo : Z) (offsets : list Z) (k : nat) (v : idx) : Z :=
  unit * (lo + 1 + Z.of_nat (nth (S k) v 0%nat)) - nth (nth k v 0%nat) offsets 0.

(* Three sums add up to a number that is at least 0 if and only if a level is reached: of the square
   of x, of y, and of [x >= 0]. The bound is above the square, and above tau^2 * y. *)
Definition root_square (sh : list poly) (t : idx -> Z) (a : nat) : op :=
  OSum sh [] (CF (fun _ v => Z.sgn (t v))) (CK 0) (map IV (seq 0 (length sh - 1))) a.
Definition root_radicand (sh : list poly) (t : idx -> Z) (f : list ix) (a : nat) : op :=
  OSum sh [] (CF (fun _ v => - Z.sgn (t v) * (t v * t v))) (CK 0) f a.
Definition root_sign (sh : list poly) (t : idx -> Z) (bound : Z) (a : nat) : op :=
  OSum sh [] (CF (fun _ v => if t v =? 0 then 1 else bound))
    (CF (fun _ v => if t v =? 0 then -1 else if 0 <? t v then - bound else 0))
    (map IV (seq 0 (length sh - 1))) a.

(* The sum over the last axis, of length m, and a number: how many levels are reached. *)
Definition levels_from (lo : Z) (sh : list poly) (m : nat) (a : nat) : op :=
  OSum sh [[m]] (CK 1) (CK lo) (map IV (seq 0 (S (length sh)))) a.

(* x >= tau * sqrt y, without roots. *)
Definition reaches (x t y : Z) : bool :=
  if 0 <? t then (0 <=? x) && (t * t * y <=? x * x) else (0 <=? x) || (x * x <=? t * t * y).

(* The sum of the three is as it is meant. *)
Lemma root_reaches x t y bound : 0 < y -> x * x < bound -> t * t * y < bound ->
  (0 <=? Z.sgn t * (x * x) + - Z.sgn t * (t * t) * y +
    ((if t =? 0 then 1 else bound) * Z.b2z (0 <=? x) +
     (if t =? 0 then -1 else if 0 <? t then - bound else 0))) = reaches x t y.
Proof.
  intros Y X T. unfold reaches. assert (0 <= x * x) by nia.
  assert (S : 0 <= t * t * y) by nia.
  destruct (Z.eqb_spec t 0) as [-> | E].
  - replace (0 <? 0) with false by reflexivity. simpl.
    destruct (Z.leb_spec 0 x); simpl; [reflexivity |].
    symmetry. apply Z.leb_gt. nia.
  - destruct (Z.ltb_spec 0 t).
    + rewrite Z.sgn_pos by auto. destruct (Z.leb_spec 0 x); cbn [Z.b2z andb].
      * destruct (Z.leb_spec (t * t * y) (x * x)); [apply Z.leb_le | apply Z.leb_gt]; lia.
      * apply Z.leb_gt. lia.
    + rewrite Z.sgn_neg by lia. destruct (Z.leb_spec 0 x); cbn [Z.b2z orb].
      * apply Z.leb_le. lia.
      * destruct (Z.leb_spec (x * x) (t * t * y)); [apply Z.leb_le | apply Z.leb_gt]; lia.
Qed.
Print Assumptions root_reaches.

(* The roots of the definition: for x >= 0 and t > 0 it compares x with the root of t^2 * y. *)
Lemma reaches_sqrt x t y : 0 <= x -> 0 < t -> 0 < y ->
  reaches x t y = true <-> Z.sqrt_up (t * t * y) <= x.
Proof.
  intros X T Y. unfold reaches. rewrite (proj2 (Z.ltb_lt 0 t)), (proj2 (Z.leb_le 0 x)) by auto.
  cbn [andb]. rewrite Z.leb_le. apply Z.sqrt_up_le_square; nia.
Qed.
Print Assumptions reaches_sqrt.

(* A greater tau is not reached before a lesser one. *)
Lemma reaches_before x t u y : 0 < y -> t <= u -> reaches x u y = true -> reaches x t y = true.
Proof.
  intros Y L. unfold reaches.
  destruct (Z.ltb_spec 0 t), (Z.ltb_spec 0 u); intro R; [| lia | |].
  - apply andb_true_iff in R. destruct R as [R S]. rewrite R. apply Z.leb_le in S.
    apply Z.leb_le. assert (t * t <= u * u) by nia. nia.
  - apply andb_true_iff in R. destruct R as [R _]. now rewrite R.
  - apply orb_true_iff in R. apply orb_true_iff. destruct R as [R | S]; [now left |].
    right. apply Z.leb_le in S. apply Z.leb_le.
    assert (u * u <= t * t) by nia. nia.
Qed.

(* The number of things that hold, of which each needs those before it. *)
Lemma count_before (f : nat -> bool) m :
  (forall j k, (j <= k)%nat -> f k = true -> f j = true) ->
  exists c, bigsum m (fun k => Z.b2z (f k)) = Z.of_nat c /\
    forall k, (k < m)%nat -> f k = (k <? c)%nat.
Proof.
  intro H. induction m as [| m (c & S & B)].
  - exists 0%nat. split; [reflexivity | lia].
  - assert (E : bigsum (Datatypes.S m) (fun k => Z.b2z (f k)) = Z.of_nat c + Z.b2z (f m)).
    { rewrite <- S. unfold bigsum. rewrite seq_S, map_app.
      assert (A : forall l r, zsum (l ++ r) = zsum l + zsum r)
        by (induction l; intros; simpl; rewrite ?IHl; lia).
      rewrite A. simpl. lia. }
    destruct (f m) eqn:F.
    + assert (Full : forall k, (k < m)%nat -> (k < c)%nat).
      { intros k K. apply Nat.ltb_lt. rewrite <- B by auto. apply (H k m); auto; lia. }
      assert (C : c = m \/ (m < c)%nat).
      { destruct m; [lia |]. specialize (Full m). lia. }
      assert (M : (c <= m)%nat).
      { assert (bigsum m (fun k => Z.b2z (f k)) <= Z.of_nat m).
        { unfold bigsum. clear. rewrite <- (seq_length m 0) at 2.
          induction (seq 0 m); cbn [map zsum length]; [lia |]. destruct (f a); cbn [Z.b2z]; lia. }
        lia. }
      assert (c = m) by lia. subst c. exists (Datatypes.S m). split; [simpl in E; lia |].
      intros k K. destruct (Nat.eq_dec k m) as [-> | N].
      * rewrite F. symmetry. apply Nat.ltb_lt. lia.
      * rewrite B by lia. transitivity true; [| symmetry]; apply Nat.ltb_lt; lia.
    + exists c. split; [simpl in E; lia |].
      intros k K. destruct (Nat.eq_dec k m) as [-> | N]; [| apply B; lia].
      rewrite F. symmetry. apply Nat.ltb_ge.
      destruct (Nat.le_gt_cases c m); auto.
      destruct m; [| specialize (B m); rewrite (proj2 (Nat.ltb_lt m c)) in B by lia ].
      * unfold bigsum in S. simpl in S. lia.
      * exfalso. assert (bigsum (Datatypes.S m) (fun k => Z.b2z (f k)) <= Z.of_nat (Datatypes.S m)).
        { unfold bigsum. clear. rewrite <- (seq_length (Datatypes.S m) 0) at 2.
          induction (seq 0 (Datatypes.S m)); cbn [map zsum length]; [lia |].
          destruct (f a); cbn [Z.b2z]; lia. }
        lia.
Qed.

(* Where the levels that are reached are counted, a level is at most the count if and only if its
   own tau is reached: the count is the floor of (x / sqrt y + offset) / unit, clipped. *)
Lemma root_levels x y unit offset lo m k : 0 < y -> 0 <= unit -> (k < m)%nat ->
  let level q := lo + 1 + Z.of_nat q in
  (level k <=? lo + bigsum m (fun q => Z.b2z (reaches x (unit * level q - offset) y))) =
    reaches x (unit * level k - offset) y.
Proof.
  intros Y U K level.
  destruct (count_before (fun q => reaches x (unit * level q - offset) y) m) as (c & S & B).
  - intros i j I. apply reaches_before; auto. unfold level. nia.
  - rewrite S, B by auto. unfold level.
    destruct (Nat.ltb_spec k c); [apply Z.leb_le | apply Z.leb_gt]; lia.
Qed.
Print Assumptions root_levels.

(* ---- windows and tables ---- *)

(* The sums of a over s < r <= t, where t and s are the first two coordinates of the result, and the
   summed one is the k-th. *)
Definition window (sh : list poly) (size : poly) (k a : nat) : op :=
  OSum sh [size]
    (CF (fun _ v =>
      let r := nth k v 0%nat in
      if (nth 1 v 0 <? r)%nat && (r <=? nth 0 v 0)%nat then 1 else 0))
    (CK 0) (IV k :: map IV (seq 2 (k - 2))) a.

(* [a >= q + 1], where q is the last coordinate of the result, the k-th. Their sum is a, clipped to
   0 .. m, and a linear map of them looks up rows: it has the differences of the rows. *)
Definition marks (m k a : nat) : op := OStep 0 [(ints (map Z.of_nat (seq 1 m)) k, 1)] a.

(* The elements of a that are some places before the end of an axis of the given length: back is 1
   for the last one. In f the coordinate along this axis is the one that is summed over. *)
Definition from_end (sh : list poly) (size : poly) (back : ix) (f : list ix) (a : nat) : op :=
  OSum sh [size]
    (CF (fun n v =>
      if (nth (length sh) v 0 + ieval v back =? peval size n)%nat then 1 else 0)) (CK 0) f a.

(* A sum over ssh of w times the elements of W a that row names: of a linear map along the last
   axis, of length cols. It is one sum over the last axis of a. *)
Definition turned (sh ssh : list poly) (cols : poly) (w : coef) (row : ix) (W : list (list Z))
    (f : list ix) (a : nat) : op :=
  let r := length sh in
  OSum sh [cols]
    (CF (fun n v =>
      let i := firstn r v in
      zsum (map (fun e => cval w n (i ++ e) * nth (nth r v 0%nat) (nth (ieval (i ++ e) row) W []) 0)
        (box (dims n ssh)))))
    (CK 0) f a.

(* ---- binary codes ---- *)

(* Marks stand along the last axis: the j-th, counted from 1, is 1 if a number is at least j. The
   number is m at most. Bit k of it is the sum of the marks of the odd multiples of 2^k, less that
   of the even ones: it changes there. The sums stand along a new last axis, for all bits but the
   top one. *)
Definition bit_sums (sh : list poly) (top m : nat) (a : nat) : op :=
  let r := length sh in
  OSum (sh ++ [[top]]) [[m]]
    (CF (fun _ v =>
      let j := S (nth (S r) v 0%nat) in let unit := (2 ^ nth r v 0)%nat in
      if negb (j mod unit =? 0)%nat then 0 else if Nat.odd (j / unit) then 1 else -1))
    (CK 0) (map IV (seq 0 r) ++ [IV (S r)]) a.

(* The bits along the last axis as a number, above lo. *)
Definition low_bits (lo : Z) (sh : list poly) (top : nat) (a : nat) : op :=
  OSum sh [[top]] (CF (fun _ v => 2 ^ Z.of_nat (nth (length sh) v 0%nat))) (CK lo)
    (map IV (seq 0 (S (length sh)))) a.

(* The top bit is the mark of 2^top. *)
Definition top_bit (sh : list poly) (top a : nat) : op :=
  OSum sh [] (CK (2 ^ Z.of_nat top)) (CK 0) (map IV (seq 0 (length sh)) ++ [IC (2 ^ top - 1)]) a.

(* - (lo + 1 + q) * a, where q is the last coordinate: the rest of a numerator less its levels. *)
Definition less_levels (sh : list poly) (lo : Z) (f : list ix) (a : nat) : op :=
  OSum sh [] (CF (fun _ v => - (lo + 1 + Z.of_nat (nth (length sh - 1) v 0%nat)))) (CK 0) f a.

(* The threshold of level q of a rounding by a unit, where q is coordinate k. *)
Definition rounded_at (unit lo : Z) (k : nat) : coef :=
  CF (fun _ v => (lo + 1 + Z.of_nat (nth k v 0%nat)) * unit - unit / 2).

(* The jumps of a digit of w bits, before as many lower bits as left says, of a number over a
   unit. *)
Definition digit (unit : Z) (left w : nat) : list (coef * Z) :=
  let high := 2 ^ Z.of_nat left in
  map (fun j => (CK (unit * high * Z.of_nat j), high)) (seq 1 (2 ^ w - 1)).

(* ---- numbers that are chosen ---- *)

(* The element of an array that f names. *)
Definition chosen (w : idx -> Z) (f : list ix) : coef := CF (fun _ v => w (imap f v)).

(* Jumps where and as high as chosen. *)
Definition jumps (at_ by_ : nat -> Z) (m : nat) : list (coef * Z) :=
  map (fun k => (CK (at_ k), by_ k)) (seq 0 m).

(* Division by a unit, rounded to the nearest, halves up, and clipped to lo .. lo + m. *)
Definition rounded (unit lo : Z) (m : nat) : list (coef * Z) :=
  map (fun k => (CK ((lo + 1 + Z.of_nat k) * unit - unit / 2), 1)) (seq 0 m).

(* A linear map along the last axis, the k-th, with chosen weights; cols is its length in a. *)
Definition weighted (sh : list poly) (cols : poly) (k : nat) (W : idx -> Z) (b : coef) (a : nat) :
    op :=
  OSum sh [cols] (chosen W [IV k; IV (S k)]) b (map IV (seq 0 k) ++ [IV (S k)]) a.

(* An array whose elements are l, row by row; its axes have the lengths ds. *)
Definition array (ds : list nat) (l : list Z) (v : idx) : Z := nth (ravel ds v 0) l 0.

(* Thresholds or jumps from a list. *)
Definition listed (l : list Z) (k : nat) : Z := nth k l 0.

(* If programs are certified whatever their numbers are, then the circuits of those with the numbers
   of each n are a TC0 family. *)
Lemma chosen_TC0 (p : nat -> prog) lev count :
  (forall k, certified (p k) lev count) -> TC0_family lev (fun n => compile (p n) n).
Proof.
  intro C. exists (map N.to_nat count). intros n Hn.
  destruct (C n n Hn) as (W & D & S & _). split; [exact W | split; [exact D |]].
  rewrite <- cev_poly, map_map, (map_ext _ (fun k => k)), map_id by apply N2Nat.id.
  unfold cev. lia.
Qed.
Print Assumptions chosen_TC0.

(* Proves that a concrete program computes some numbers: by computation, once. *)
Ltac computed := lazymatch goal with |- _ = ?r => vm_cast_no_check (eq_refl r) end.
