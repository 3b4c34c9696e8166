(* Words for the operations of norms: the levels of a number over a square root, and staircases of
   which a function is taken. Each is what the six operations of Program.v make of it; what the
   words mean is proved in Norm.v. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Circuit Integers Index Program Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* ---- functions of staircases ---- *)

(* The jumps of f of a staircase, whose thresholds rise: it is a staircase with the same thresholds,
   from f base on. *)
Fixpoint image (f : Z -> Z) (base : Z) (js : list (Z * Z)) : list (Z * Z) :=
  match js with
  | [] => []
  | (t, j) :: r => (t, f (base + j) - f base) :: image f (base + j) r
  end.

(* f of the staircase of a with this base and these jumps. *)
Definition step_image (f : Z -> Z) (base : Z) (js : list (Z * Z)) (a : nat) : op :=
  step (f base) (image f base js) a.

(* ---- numbers over square roots ---- *)

(* What x / sqrt y has to reach for level q above the least, lo, of floor ((x / sqrt y + offset) /
   unit), where the offset is that of coordinate f. *)
Definition rootth (unit lo : Z) (offsets : list Z) (f q : nat) : Z :=
  unit * (lo + 1 + Z.of_nat q) - nth f offsets 0.

(* A constant for each index whose last coordinates are f, the k-th, and the level: g of what has to
   be reached. *)
Definition at_level (unit lo : Z) (offsets : list Z) (k : nat) (g : Z -> Z) : coef :=
  CF (fun _ v => g (rootth unit lo offsets (nth k v 0%nat) (nth (S k) v 0%nat))).

(* floor ((x / sqrt y + offset) / unit), clipped to lo .. lo + m, of shape sh. The operands are x^2
   and [x >= 0], of shape sh, and y, which has the axes of sh but the last; k is the number of the
   first operation, and no x^2 is above B - 1.
   x >= tau * sqrt y means x^2 - tau^2 y >= 0 and x >= 0 where tau > 0, and tau^2 y - x^2 >= 0 or
   x >= 0 where tau < 0; the sign enters the sum with a weight that decides. *)
Definition root (sh : list poly) (m : nat) (unit lo : Z) (offsets : list Z) (B : Z)
    (square radicand sign k : nat) : list op :=
  let r := length sh in
  let levels := sh ++ [[m]] in
  let c := at_level unit lo offsets (r - 1) in
  [ (* k to k + 2: the squares *)
    OSum levels [] (c Z.sgn) (CK 0) (map IV (seq 0 r)) square;
    OSum levels [] (c (fun t => - Z.sgn t * t ^ 2)) (CK 0) (map IV (seq 0 (r - 1))) radicand;
    OAdd k (k + 1);
    (* k + 3, k + 4: the signs *)
    OSum levels [] (c (fun t => if t =? 0 then 1 else B))
      (c (fun t => if 0 <? t then - B else if t =? 0 then -1 else 0)) (map IV (seq 0 r)) sign;
    OAdd (k + 2) (k + 3);
    (* k + 5, k + 6: the levels that are reached, and how many they are *)
    step 0 [(0, 1)] (k + 4);
    OSum sh [[m]] (CK 1) (CK lo) (map IV (seq 0 (S r))) (k + 5) ].

(* ---- norms of n positions of d features ---- *)

(* a times the factor of the feature *)
Definition scale (d : nat) (gains : list Z) (a : nat) : op :=
  OSum [pn; [d]] [] (entry [d] gains [IV 1]) (CK 0) [IV 0; IV 1] a.

(* A norm of a without its mean subtracted, or where this has been done: gain * a over the root of
   root2 * (the sum of the squares of a) + eps, in units, with an offset, clipped to lo .. lo + m. B
   is more than the square of any gain * a. k is the number of the first operation; the result is
   k + 11. *)
Definition norm (d m : nat) (root2 eps : Z) (gains : list Z) (unit lo : Z) (offsets : list Z)
    (B : Z) (a k : nat) : list op :=
  [ (* k, k + 1: the radicand *)
    OCon [pn] [[d]] [IV 0; IV 1] [IV 0; IV 1] a a;
    affine [pn] root2 eps k;
    (* k + 2 to k + 4: the number over the root, whether it is at least 0, and its square *)
    scale d gains a;
    step 0 [(0, 1)] (k + 2);
    OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] (k + 2) (k + 2) ] ++
  root [pn; [d]] m unit lo offsets B (k + 4) (k + 1) (k + 3) (k + 5).

(* The same norm of the staircase of a with this base and these jumps, whose thresholds rise. No
   product is made: squares and signs of a staircase are staircases. The result is k + 15. *)
Definition norm_steps (d m : nat) (root2 eps : Z) (gains : list Z) (unit lo : Z)
    (offsets : list Z) (B : Z) (base : Z) (js : list (Z * Z)) (a k : nat) : list op :=
  [ (* k to k + 2: the radicand *)
    step_image (fun x => x * x) base js a;
    reduce [pn] [d] 1 k;
    affine [pn] root2 eps (k + 1);
    (* k + 3: the square of the number over the root *)
    scale d (map (fun g => g * g) gains) k;
    (* k + 4 to k + 8: whether it is at least 0: the staircase is, or it is not at least 1 where the
       gain is negative *)
    step_image (fun x => Z.b2z (0 <=? x)) base js a;
    step_image (fun x => Z.b2z (1 <=? x)) base js a;
    scale d (map (fun g => if g <? 0 then 0 else 1) gains) (k + 4);
    OSum [pn; [d]] [] (entry [d] (map (fun g => if g <? 0 then -1 else 0) gains) [IV 1])
      (entry [d] (map (fun g => if g <? 0 then 1 else 0) gains) [IV 1]) [IV 0; IV 1] (k + 5);
    OAdd (k + 6) (k + 7) ] ++
  root [pn; [d]] m unit lo offsets B (k + 3) (k + 2) (k + 8) (k + 9).
