(* Indices of tensors: polynomials for the lengths of axes, boxes of indices, index expressions,
   masks of the axes that matter, and tables that compute a function on a box once. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit.
Import ListNotations.

(* ---- polynomials ---- *)

(* The sum of two polynomials. *)
Fixpoint padd (p q : poly) : poly :=
  match p, q with [], q => q | p, [] => p | a :: p, b :: q => a + b :: padd p q end.

(* A polynomial times a number. *)
Fixpoint pscale (k : nat) (p : poly) : poly :=
  match p with [] => [] | a :: p => k * a :: pscale k p end.

(* The product of two polynomials. *)
Fixpoint pmul (p q : poly) : poly :=
  match p with [] => [] | a :: p => padd (pscale a q) (0 :: pmul p q) end.

(* A constant. *)
Definition pc (k : nat) : poly := [k].

(* Sums are evaluated to sums. *)
Lemma peval_add p : forall q n, peval (padd p q) n = peval p n + peval q n.
Proof. induction p; intros [| b q] n; simpl; auto. rewrite IHp. ring. Qed.

(* Multiples are evaluated to multiples. *)
Lemma peval_scale k p n : peval (pscale k p) n = k * peval p n.
Proof. induction p; simpl; [ring |]. rewrite IHp. ring. Qed.

(* Products are evaluated to products. *)
Lemma peval_mul p q n : peval (pmul p q) n = peval p n * peval q n.
Proof.
  induction p; simpl; auto. rewrite peval_add, peval_scale. simpl.
  rewrite IHp. ring.
Qed.

(* Constants are evaluated to themselves. *)
Lemma peval_c k n : peval (pc k) n = k.
Proof. simpl. ring. Qed.

(* The product of a list of numbers. *)
Definition prod (ds : list nat) : nat := fold_right Nat.mul 1 ds.

(* A test that suffices for a polynomial to be at least 1 for every n >= 1. *)
Definition ppos (p : poly) : bool := existsb (fun a => 1 <=? a) p.

(* The test is right. *)
Lemma ppos_ok p n : ppos p = true -> 1 <= n -> 1 <= peval p n.
Proof.
  unfold ppos. induction p; cbn [existsb peval]; [easy |].
  rewrite orb_true_iff, Nat.leb_le. intros [H | H] N; [lia |].
  specialize (IHp H N). nia.
Qed.

(* ---- counts: polynomials with binary coefficients, since they can be large ---- *)

(* A polynomial with binary coefficients, the constant first. *)
Definition npoly := list N.

(* Its value. *)
Fixpoint neval (p : npoly) (n : N) : N := match p with [] => 0 | a :: r => a + n * neval r n end%N.

(* The sum of two counts. *)
Fixpoint nadd (p q : npoly) : npoly :=
  match p, q with [], q => q | p, [] => p | a :: p, b :: q => (a + b)%N :: nadd p q end.

(* A count times a number. *)
Fixpoint nscale (k : N) (p : npoly) : npoly :=
  match p with [] => [] | a :: p => (k * a)%N :: nscale k p end.

(* The product of two counts. *)
Fixpoint nmul (p q : npoly) : npoly :=
  match p with [] => [] | a :: p => nadd (nscale a q) (0%N :: nmul p q) end.

(* A constant. *)
Definition nc (k : nat) : npoly := [N.of_nat k].

(* The product of a list of polynomials, as a count. *)
Definition nprod (ps : list poly) : npoly :=
  fold_right (fun p q => nmul (map N.of_nat p) q) (nc 1) ps.

(* The value of a count as a unary number, for proofs. *)
Definition cev (p : npoly) (n : nat) : nat := N.to_nat (neval p (N.of_nat n)).

(* Sums of counts are evaluated to sums. *)
Lemma neval_add p : forall q n, neval (nadd p q) n = (neval p n + neval q n)%N.
Proof. induction p; intros [| b q] n; simpl neval; try lia. rewrite IHp. lia. Qed.

(* Multiples of counts are evaluated to multiples. *)
Lemma neval_scale k p n : neval (nscale k p) n = (k * neval p n)%N.
Proof. induction p; simpl neval; [lia |]. rewrite IHp. lia. Qed.

(* Products of counts are evaluated to products. *)
Lemma neval_mul p q n : neval (nmul p q) n = (neval p n * neval q n)%N.
Proof.
  induction p; simpl; auto. rewrite neval_add, neval_scale. simpl neval.
  rewrite IHp. lia.
Qed.

(* Sums have sums as unary values. *)
Lemma cev_add p q n : cev (nadd p q) n = cev p n + cev q n.
Proof. unfold cev. rewrite neval_add. lia. Qed.

(* Products have products as unary values. *)
Lemma cev_mul p q n : cev (nmul p q) n = cev p n * cev q n.
Proof. unfold cev. rewrite neval_mul. lia. Qed.

(* Constants have themselves as unary values. *)
Lemma cev_c k n : cev (nc k) n = k.
Proof. unfold cev, nc. simpl neval. lia. Qed.

(* A polynomial has the same value as a count. *)
Lemma cev_poly p n : cev (map N.of_nat p) n = peval p n.
Proof.
  unfold cev. induction p; auto. simpl.
  rewrite N2Nat.inj_add, N2Nat.inj_mul, IHp. lia.
Qed.

(* The product of a list of polynomials has the same value as a count. *)
Lemma cev_prod ps n : cev (nprod ps) n = prod (map (fun p => peval p n) ps).
Proof. induction ps; [apply cev_c |]. simpl. now rewrite cev_mul, cev_poly, IHps. Qed.

(* ---- boxes ---- *)

(* An index: its coordinates. *)
Definition idx := list nat.

(* Whether an index is in the box of the lengths ds. *)
Fixpoint inb (ds : list nat) (i : idx) : bool :=
  match ds, i with [], [] => true | d :: ds, k :: i => (k <? d) && inb ds i | _, _ => false end.

(* All indices of a box, the last coordinate fastest. *)
Fixpoint box (ds : list nat) : list idx :=
  match ds with [] => [[]] | d :: ds => flat_map (fun k => map (cons k) (box ds)) (seq 0 d) end.

(* The list has the indices of the box. *)
Lemma in_box ds : forall i, In i (box ds) <-> inb ds i = true.
Proof.
  induction ds as [| d ds IH]; intros [| k i]; simpl; try (split; [intros [H | H]; easy | easy]);
    try (split; auto; fail).
  - split; [| easy]. rewrite in_flat_map. intros (x & _ & H).
    apply in_map_iff in H. now destruct H as (? & ? & _).
  - rewrite andb_true_iff, Nat.ltb_lt, <- IH, in_flat_map. split.
    + intros (x & X & H). apply in_map_iff in H.
      destruct H as (j & E & H). injection E as -> ->.
      apply in_seq in X. split; [lia | auto].
    + intros [L H]. exists k.
      split; [apply in_seq; lia | now apply in_map].
Qed.

(* A bound on the length of a list of lists. *)
Lemma length_flat_map {A B} (f : A -> list B) l k :
  (forall a, In a l -> length (f a) <= k) -> length (flat_map f l) <= length l * k.
Proof.
  induction l; simpl; auto. intro H. rewrite app_length.
  specialize (IHl (fun b Hb => H b (or_intror Hb))).
  specialize (H a (or_introl eq_refl)). lia.
Qed.

(* How many indices a box has. *)
Lemma length_box ds : length (box ds) = prod ds.
Proof.
  induction ds as [| d ds IH]; simpl; auto. rewrite <- IH.
  generalize 0 as s. induction d; intro s; simpl; auto.
  now rewrite app_length, map_length, IHd.
Qed.

(* An index of a box has as many coordinates as the box. *)
Lemma inb_length ds : forall i, inb ds i = true -> length i = length ds.
Proof.
  induction ds; intros [| k i]; simpl; try easy. rewrite andb_true_iff.
  intros [_ H]. auto.
Qed.

(* Boxes and their indices may be put together. *)
Lemma inb_app ds es :
  forall i e, length i = length ds -> inb (ds ++ es) (i ++ e) = inb ds i && inb es e.
Proof.
  induction ds; intros [| k i] e; simpl; try easy. intro H.
  rewrite IHds by auto. apply andb_assoc.
Qed.

(* ---- index expressions, over the coordinates of an index ---- *)

(* Coordinate k, a constant, sums, multiples, quotients and remainders, the lesser of two, and
   differences, which are at least 0. *)
Inductive ix :=
| IV (k : nat)
| IC (c : nat)
| IAdd (a b : ix)
| IMul (c : nat) (a : ix)
| IDiv (a : ix) (c : nat)
| IMod (a : ix) (c : nat)
| IMin (a b : ix)
| ISub (a b : ix).

(* The value of an expression at the index v. *)
Fixpoint ieval (v : idx) (e : ix) : nat :=
  match e with
  | IV k => nth k v 0
  | IC c => c
  | IAdd a b => ieval v a + ieval v b
  | IMul c a => c * ieval v a
  | IDiv a c => ieval v a / c
  | IMod a c => ieval v a mod c
  | IMin a b => Nat.min (ieval v a) (ieval v b)
  | ISub a b => ieval v a - ieval v b
  end.

(* Whether an expression uses coordinate k. *)
Fixpoint uses (k : nat) (e : ix) : bool :=
  match e with
  | IV j => Nat.eqb j k
  | IC _ => false
  | IAdd a b => uses k a || uses k b
  | IMul _ a | IDiv a _ | IMod a _ => uses k a
  | IMin a b | ISub a b => uses k a || uses k b
  end.

(* An index that is given by expressions. *)
Definition imap (f : list ix) (v : idx) : idx := map (ieval v) f.

(* An expression depends on the coordinates that it uses only. *)
Lemma ieval_uses v w e :
  (forall k, uses k e = true -> nth k v 0 = nth k w 0) -> ieval v e = ieval w e.
Proof.
  induction e; simpl; intro H; auto.
  - apply H, Nat.eqb_refl.
  - rewrite IHe1, IHe2; auto; intros; apply H; rewrite H0; auto using orb_true_r.
  - rewrite IHe1, IHe2; auto; intros; apply H; rewrite H0; auto using orb_true_r.
  - rewrite IHe1, IHe2; auto; intros; apply H; rewrite H0; auto using orb_true_r.
Qed.

(* ---- masks: the axes that matter ---- *)

(* Which axes matter. *)
Definition mask := nat -> bool.

(* An index with 0 on the axes, from the k-th on, that do not matter. *)
Fixpoint nrmk (m : mask) (k : nat) (v : idx) : idx :=
  match v with [] => [] | i :: r => (if m k then i else 0) :: nrmk m (S k) r end.

(* An index with 0 on the axes that do not matter. *)
Definition nrm (m : mask) (v : idx) : idx := nrmk m 0 v.

(* The lengths of the axes, with one in place of those that do not matter. *)
Fixpoint dimk {A} (one : A) (m : mask) (k : nat) (ds : list A) : list A :=
  match ds with [] => [] | d :: r => (if m k then d else one) :: dimk one m (S k) r end.

(* The coordinates of a masked index, from the k-th on. *)
Lemma nth_nrmk m : forall v k j, nth j (nrmk m k v) 0 = if m (k + j) then nth j v 0 else 0.
Proof.
  induction v; intros k [| j]; simpl; try (now destruct (m _)).
  - now rewrite Nat.add_0_r.
  - rewrite IHv. now replace (S k + j) with (k + S j) by lia.
Qed.

(* The coordinates of a masked index. *)
Lemma nth_nrm m v j : nth j (nrm m v) 0 = if m j then nth j v 0 else 0.
Proof. unfold nrm. apply nth_nrmk. Qed.

(* Masking keeps the number of coordinates. *)
Lemma length_nrmk m : forall v k, length (nrmk m k v) = length v.
Proof. induction v; simpl; auto. Qed.

(* A masked index is in the same box. *)
Lemma inb_nrmk m : forall ds v k, inb ds v = true -> inb ds (nrmk m k v) = true.
Proof.
  induction ds; intros [| i v] k; simpl; try easy.
  rewrite !andb_true_iff, !Nat.ltb_lt. intros [L H].
  split; [destruct (m k); lia | auto].
Qed.

(* A masked index is even in the box that is thin on the axes that do not matter. *)
Lemma inb_dimk m : forall ds v k, inb ds v = true -> inb (dimk 1 m k ds) (nrmk m k v) = true.
Proof.
  induction ds; intros [| i v] k; simpl; try easy.
  rewrite !andb_true_iff, !Nat.ltb_lt. intros [L H].
  split; [destruct (m k); lia | auto].
Qed.

(* Thin boxes of polynomials are evaluated to thin boxes. *)
Lemma map_dimk {A B} (f : A -> B) one m :
  forall ds k, map f (dimk one m k ds) = dimk (f one) m k (map f ds).
Proof. induction ds; intro k; simpl; auto. rewrite IHds. now destruct (m k). Qed.

(* The coordinates that results of f depend on, if of these those of m matter. *)
Fixpoint relk (m : mask) (k : nat) (f : list ix) (j : nat) : bool :=
  match f with [] => false | e :: r => (m k && uses j e) || relk m (S k) r j end.

(* The coordinates that f depends on, if of its results those of m matter. *)
Definition rel (m : mask) (f : list ix) : mask := relk m 0 f.

(* Indices that agree where it matters give the same masked result, from the k-th on. *)
Lemma relk_ok m v w : forall f k, (forall j, relk m k f j = true -> nth j v 0 = nth j w 0) ->
  nrmk m k (imap f v) = nrmk m k (imap f w).
Proof.
  induction f as [| e f IH]; intros k H; simpl; auto. f_equal.
  - destruct (m k) eqn:M; auto. apply ieval_uses. intros j U.
    apply H. simpl. now rewrite M, U.
  - apply IH. intros j R. apply H. simpl. rewrite R.
    apply orb_true_r.
Qed.

(* Indices that agree where it matters give the same masked result. *)
Lemma rel_ok m f v w :
  (forall j, rel m f j = true -> nth j v 0 = nth j w 0) -> nrm m (imap f v) = nrm m (imap f w).
Proof. apply relk_ok. Qed.

(* Masking before f what does not matter after it makes no difference. *)
Lemma rel_nrm m f r v :
  (forall j, rel m f j = true -> r j = true) -> nrm m (imap f (nrm r v)) = nrm m (imap f v).
Proof.
  intro H. apply rel_ok. intros j R.
  now rewrite nth_nrm, (H j R).
Qed.

(* Nor does it if more coordinates follow. *)
Lemma rel_nrm_app m f r v e : (forall j, rel m f j = true -> r j = true) ->
  nrm m (imap f (nrm r v ++ e)) = nrm m (imap f (v ++ e)).
Proof.
  intro H. apply rel_ok. intros j R. specialize (H j R).
  destruct (Nat.ltb_spec j (length v)).
  - rewrite !app_nth1; rewrite ?length_nrmk; auto; [now rewrite nth_nrm, H | unfold nrm;
      now rewrite length_nrmk].
  - rewrite !app_nth2; unfold nrm; rewrite ?length_nrmk; auto.
Qed.

(* ---- numbering of the elements of a box, row-major ---- *)

(* The number of an index in its box, added to acc boxes before it. *)
Fixpoint ravel (ds : list nat) (i : idx) (acc : nat) : nat :=
  match ds, i with d :: ds, k :: i => ravel ds i (acc * d + k) | _, _ => acc end.

(* Numbers are in range. *)
Lemma ravel_lt ds : forall i acc, inb ds i = true -> ravel ds i acc < (acc + 1) * prod ds.
Proof.
  induction ds as [| d ds IH]; intros [| k i] acc; simpl; try easy; [lia |].
  rewrite andb_true_iff, Nat.ltb_lt. intros [L H].
  specialize (IH i (acc * d + k) H).
  assert ((acc * d + k + 1) * prod ds <= (acc + 1) * d * prod ds) by (apply Nat.mul_le_mono_r; nia).
  fold (prod ds). nia.
Qed.

(* ---- tables: a function on a box, computed once ---- *)

(* f on the box, z elsewhere. *)
Definition table {A} (z : A) (ds : list nat) (f : idx -> A) : idx -> A :=
  let t := map f (box ds) in fun i => if inb ds i then nth (ravel ds i 0) t z else z.

(* The elements of a list of lists of the same length m. *)
Lemma nth_flat_map {A B} (f : A -> list B) (z : B) (a : A) m :
  forall l k j, (forall x, In x l -> length (f x) = m) ->
  k < length l -> j < m -> nth (k * m + j) (flat_map f l) z = nth j (f (nth k l a)) z.
Proof.
  induction l as [| x l IH]; simpl; intros k j H K J; [lia |].
  assert (L : length (f x) = m) by auto.
  destruct k.
  - rewrite app_nth1 by lia. reflexivity.
  - rewrite app_nth2 by lia. rewrite L.
    replace (S k * m + j - m) with (k * m + j) by lia.
    apply IH; auto; lia.
Qed.

(* The boxes before come first. *)
Lemma ravel_acc ds : forall i acc, inb ds i = true -> ravel ds i acc = acc * prod ds + ravel ds i 0.
Proof.
  induction ds as [| d ds IH]; intros [| k i] acc; simpl; try easy; [lia |].
  rewrite andb_true_iff. intros [_ H].
  rewrite (IH i (acc * d + k)), (IH i k) by auto. fold (prod ds). ring.
Qed.

(* The list of a box has an index at its number. *)
Lemma nth_box ds : forall i, inb ds i = true -> nth (ravel ds i 0) (box ds) [] = i.
Proof.
  induction ds as [| d ds IH]; intros [| k i]; simpl; try easy.
  rewrite andb_true_iff, Nat.ltb_lt. intros [K H].
  rewrite ravel_acc by auto. pose proof (ravel_lt ds i 0 H) as R.
  simpl in R. rewrite Nat.add_0_r in R.
  etransitivity; [apply nth_flat_map with (a := 0) (m := prod ds); rewrite ?seq_length; auto |].
  - intros x _. now rewrite map_length, length_box.
  - rewrite seq_nth by auto.
    rewrite (nth_indep _ [] (k :: [])) by (rewrite map_length, length_box; auto).
    now rewrite map_nth, IH.
Qed.

(* A table is the function. *)
Lemma table_eq {A} (z : A) ds f i : table z ds f i = if inb ds i then f i else z.
Proof.
  unfold table. destruct (inb ds i) eqn:E; auto.
  rewrite (nth_indep _ z (f [])); [now rewrite map_nth, nth_box |].
  rewrite map_length, length_box. pose proof (ravel_lt ds i 0 E). lia.
Qed.
