(* Operations on sums of literals: addition, scaling, comparison, and products, whose literals
   are conjunctions. A threshold gate takes another literal in (absorbs it) with no gate on top. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Lists Gates.
Import ListNotations.
Open Scope Z_scope.

(* ---- linear operations ---- *)

(* All weights times k. *)
Definition wscale {A} (k : Z) (ws : list (Z * A)) : list (Z * A) :=
  map (fun w => (k * fst w, snd w)) ws.

(* The weighted sum is scaled. *)
Lemma wsum_scale {A} (f : A -> bool) k ws : wsum f (wscale k ws) = k * wsum f ws.
Proof. induction ws as [| [w x] ws IH]; simpl; rewrite ?IH; lia. Qed.

(* The literals stay the same. *)
Lemma snd_wscale {A} k (ws : list (Z * A)) : map snd (wscale k ws) = map snd ws.
Proof. unfold wscale. rewrite map_map. reflexivity. Qed.

(* The number 0. *)
Definition szero : sum := (0, []).

(* A constant. *)
Definition sconst (c : Z) : sum := (c, []).

(* The sum of two numbers. *)
Definition sadd (a b : sum) : sum := (fst a + fst b, snd a ++ snd b).

(* A number times a constant. *)
Definition sscale (k : Z) (a : sum) : sum := (k * fst a, wscale k (snd a)).

(* The sum of a list of numbers. *)
Fixpoint ssum (l : list sum) : sum := match l with [] => szero | a :: r => sadd a (ssum r) end.

(* The integer of a sum is the sum of the integers. *)
Lemma seval_add x a b : seval x (sadd a b) = seval x a + seval x b.
Proof. unfold seval, sadd; simpl. rewrite wsum_app. lia. Qed.

(* The integer of a scaled number is the scaled integer. *)
Lemma seval_scale x k a : seval x (sscale k a) = k * seval x a.
Proof. unfold seval, sscale; simpl. rewrite wsum_scale. lia. Qed.

(* The integer of a sum of a list is the sum of the integers. *)
Lemma seval_sum x l : seval x (ssum l) = zsum (map (seval x) l).
Proof. induction l; simpl; auto. rewrite seval_add; lia. Qed.

(* A weighted sum as a sum of integers. *)
Lemma wsum_map {A} x (f : A -> Z * lit) l :
  wsum (leval x) (map f l) = zsum (map (fun a => fst (f a) * Z.b2z (leval x (snd (f a)))) l).
Proof. induction l; simpl; auto. rewrite IHl. destruct (f a); reflexivity. Qed.

(* The literals of a sum of two numbers. *)
Lemma lits_add a b : lits (sadd a b) = lits a ++ lits b.
Proof. unfold lits, sadd; simpl. apply map_app. Qed.

(* The literals of a scaled number. *)
Lemma lits_scale k a : lits (sscale k a) = lits a.
Proof. unfold lits, sscale; simpl. apply snd_wscale. Qed.

(* The literals of a sum of a list. *)
Lemma lits_sum l : lits (ssum l) = flat_map lits l.
Proof. induction l; simpl; auto. rewrite lits_add; congruence. Qed.

(* ---- comparison ---- *)

(* The threshold gate [s >= t]. *)
Definition thr (s : sum) (t : Z) : lit := (false, TThr (snd s) (t - fst s)).

(* The gate compares the integer of s with t. *)
Lemma leval_thr x s t : leval x (thr s t) = (t <=? seval x s).
Proof.
  unfold thr, seval.
  transitivity (t - fst s <=? wsum (leval x) (snd s)); [apply xorb_false_l |].
  apply eq_true_iff_eq. rewrite !Z.leb_le. lia.
Qed.

(* ---- conjunction of two literals ---- *)

(* The greatest that a weighted sum can be. *)
Fixpoint most {A} (ws : list (Z * A)) : Z :=
  match ws with [] => 0 | (w, _) :: r => Z.max w 0 + most r end.

(* No value of the weighted sum is above `most`. *)
Lemma wsum_most {A} (f : A -> bool) ws : wsum f ws <= most ws.
Proof. induction ws as [| [w a] ws IH]; simpl; [lia |]. destruct (f a); simpl; lia. Qed.

(* [s >= t] and y, as one threshold: [s + B y >= t + B] with B = max s - t + 1. *)
Definition absorb (ws : list (Z * lit)) (t : Z) (y : lit) : tree :=
  let b := most ws - t + 1 in TThr ((b, y) :: ws) (t + b).

(* How the literals of a product are joined: by an AND, or a gate of the left or the right one
   takes the other in. *)
Inductive mode := MAnd | MLeft | MRight.

(* x takes y in, if x is a threshold gate or an AND. *)
Definition take (x y : lit) : lit :=
  match x with
  | (false, TThr ws t) => (false, absorb ws t y)
  | (false, TAnd ls) => (false, TAnd (y :: ls))
  | _ => (false, TAnd [x; y])
  end.

(* The conjunction of x and y. *)
Definition conj (m : mode) (x y : lit) : lit :=
  match m with MAnd => (false, TAnd [x; y]) | MLeft => take x y | MRight => take y x end.

(* An AND of two literals is their conjunction. *)
Lemma leval_and v x y : leval v (false, TAnd [x; y]) = leval v x && leval v y.
Proof.
  transitivity (leval v x && (leval v y && true)); [apply xorb_false_l | now rewrite andb_true_r].
Qed.

(* A threshold that took a literal in is their conjunction. *)
Lemma leval_absorb v ws t y :
  leval v (false, absorb ws t y) = leval v (false, TThr ws t) && leval v y.
Proof.
  unfold absorb. set (b := most ws - t + 1).
  transitivity (t + b <=? b * Z.b2z (leval v y) + wsum (leval v) ws); [apply xorb_false_l |].
  replace (leval v (false, TThr ws t)) with (t <=? wsum (leval v) ws)
    by (symmetry; apply xorb_false_l).
  subst b. pose proof (wsum_most (leval v) ws) as H.
  apply eq_true_iff_eq. rewrite andb_true_iff, !Z.leb_le.
  destruct (leval v y); simpl; split; try intros [? ?]; try split; try lia; try discriminate.
Qed.

(* A literal that took another in is their conjunction, whatever it was. *)
Lemma leval_take v x y : leval v (take x y) = leval v x && leval v y.
Proof.
  destruct x as [[|] [| ls | | ws t]]; try apply leval_and; [| apply leval_absorb].
  simpl.
  transitivity (leval v y && forallb (leval v) ls); [apply xorb_false_l |].
  rewrite andb_comm. f_equal. symmetry. apply xorb_false_l.
Qed.

(* Conjunctions mean conjunctions, however they are made. *)
Lemma leval_conj v m x y : leval v (conj m x y) = leval v x && leval v y.
Proof. destruct m; simpl; rewrite ?leval_and, ?leval_take; auto using andb_comm. Qed.

(* What a literal reads that took another in. *)
Lemma kids_take x y t :
  In t (kids (snd (take x y))) -> t = snd x \/ t = snd y \/ In t (kids (snd x)).
Proof. destruct x as [[|] [| | | ws s]]; simpl; intuition. Qed.

(* What a conjunction reads. *)
Lemma kids_conj m x y t : In t (kids (snd (conj m x y))) ->
  t = snd x \/ t = snd y \/ In t (kids (snd x)) \/ In t (kids (snd y)).
Proof. destruct m; simpl; try (intro H; apply kids_take in H); intuition. Qed.

(* A conjunction is a gate. *)
Lemma isgate_conj m x y : isgate (snd (conj m x y)).
Proof.
  destruct m; simpl; auto; [destruct x as [[|] [| | | ? ?]] | destruct y as [[|] [| | | ? ?]]];
    simpl; auto.
Qed.

Open Scope nat_scope.

(* Threshold gates and ANDs are open: they take literals in. *)
Definition isopen (l : lit) : Prop :=
  (exists ws t, l = (false, TThr ws t)) \/ (exists ls, l = (false, TAnd ls)).

(* On level at most L and, if ab holds, on level L only if it is open. *)
Definition levok (L : nat) (ab : bool) (l : lit) : Prop :=
  tlev (snd l) <= L /\ (ab = true -> isopen l \/ tlev (snd l) < L).

(* The level of an AND of two literals. *)
Lemma lev_and x y L :
  tlev (snd x) <= L -> tlev (snd y) <= L -> tlev (snd (false, TAnd [x; y])) <= S L.
Proof.
  change (tlev (snd (false, TAnd [x; y])))
    with (S (Nat.max (tlev (snd x)) (Nat.max (tlev (snd y)) 0))).
  lia.
Qed.

(* An open literal on level L that takes in one from below stays on level L. *)
Lemma lev_take x y L M : levok L true x -> tlev (snd y) <= M -> M < L -> tlev (snd (take x y)) <= L.
Proof.
  intros [A B] C D. specialize (B eq_refl).
  destruct x as [[|] [| ls | | ws t]]; try (destruct B as [[(? & ? & E) | (? & E)] | B];
    [discriminate E | discriminate E | destruct L as [| L]; [lia | apply lev_and; lia]]); clear B;
    destruct L as [| L]; simpl in *; lia.
Qed.

Close Scope nat_scope.

(* ---- products ---- *)

(* f of all pairs. *)
Definition pairs {A B C} (f : A -> B -> C) (a : list A) (b : list B) : list C :=
  flat_map (fun x => map (f x) b) a.

(* The product of two weighted literals. *)
Definition wconj m (a b : Z * lit) : Z * lit := (fst a * fst b, conj m (snd a) (snd b)).

(* The product of two numbers. *)
Definition smul (m : mode) (a b : sum) : sum :=
  (fst a * fst b, wscale (fst b) (snd a) ++ wscale (fst a) (snd b) ++
    pairs (wconj m) (snd a) (snd b)).

(* All pairs add up to the product of the two weighted sums. *)
Lemma wsum_pairs v m a b :
  wsum (leval v) (pairs (wconj m) a b) = wsum (leval v) a * wsum (leval v) b.
Proof.
  induction a as [| [w x] a IH]; simpl; auto. unfold pairs in *; simpl.
  rewrite wsum_app, IH.
  enough (E : wsum (leval v) (map (wconj m (w, x)) b) = w * Z.b2z (leval v x) * wsum (leval v) b)
    by (rewrite E; ring).
  clear. induction b as [| [u y] b IH]; simpl; [lia |].
  rewrite IH, leval_conj.
  destruct (leval v x), (leval v y); simpl; ring.
Qed.

(* The integer of a product is the product of the integers. *)
Lemma seval_mul v m a b : seval v (smul m a b) = seval v a * seval v b.
Proof. unfold seval, smul; simpl. rewrite !wsum_app, !wsum_scale, wsum_pairs. lia. Qed.

(* The elements of a list of pairs. *)
Lemma in_pairs {A B C} (f : A -> B -> C) a b c :
  In c (pairs f a b) <-> exists x y, In x a /\ In y b /\ c = f x y.
Proof.
  unfold pairs. rewrite in_flat_map. split.
  - intros (x & X & H). apply in_map_iff in H.
    destruct H as (y & <- & Y). eauto.
  - intros (x & y & X & Y & ->). exists x. split; auto.
    now apply in_map.
Qed.

(* How many pairs there are. *)
Lemma length_pairs {A B C} (f : A -> B -> C) a b : length (pairs f a b) = (length a * length b)%nat.
Proof.
  unfold pairs. induction a; simpl; auto.
  rewrite app_length, map_length, IHa. lia.
Qed.

(* The literals of a product: those of the factors, and their conjunctions. *)
Lemma lits_mul m a b l : In l (lits (smul m a b)) ->
  In l (lits a) \/ In l (lits b) \/ In l (pairs (conj m) (lits a) (lits b)).
Proof.
  unfold lits, smul; simpl. rewrite !map_app, !snd_wscale, !in_app_iff.
  intuition. right. right. apply in_map_iff in H.
  destruct H as (w & <- & H). apply in_pairs in H.
  destruct H as (x & y & X & Y & ->). apply in_pairs.
  exists (snd x), (snd y). simpl. auto using in_map.
Qed.
