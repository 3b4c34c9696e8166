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

(* The codes of positions from the given one on, as an array. *)
Definition codes_from (codes : nat -> nat -> Z) (from : nat) (v : idx) : Z :=
  codes (from + nth 0 v 0)%nat (nth 1 v 0)%nat.

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
