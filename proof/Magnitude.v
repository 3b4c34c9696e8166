(* How large the coefficients of the words of programs are: computed from their tables, for every
   n; and the tactic `weigh`, which certifies wires and weights of concrete programs. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness Cost Bounds.
From TC0 Require Import Vocabulary Generic.
Import ListNotations.
Open Scope nat_scope.

(* ---- coefficients ---- *)

(* The greatest absolute value of a list. *)
Definition largest (l : list Z) : N := fold_right (fun z m => N.max (Z.abs_N z) m) 0%N l.

(* The greatest of a matrix. *)
Definition largest2 (W : list (list Z)) : N := fold_right (fun l m => N.max (largest l) m) 0%N W.

(* A constant count. *)
Lemma cev_const k n : cev [k] n = N.to_nat k.
Proof. unfold cev. simpl neval. lia. Qed.

(* No entry of a list is larger, nor is what is read outside. *)
Lemma largest_ok l : forall k, Z.abs_nat (nth k l 0%Z) <= N.to_nat (largest l).
Proof. induction l as [| z l IH]; intros [| k]; simpl; try lia. specialize (IH k). lia. Qed.

(* No entry of a matrix is larger, nor is what is read outside. *)
Lemma largest2_ok W : forall o k, Z.abs_nat (nth k (nth o W []) 0%Z) <= N.to_nat (largest2 W).
Proof.
  induction W as [| l W IH]; intros [| o] k; simpl.
  - destruct k; simpl; lia.
  - destruct k; simpl; lia.
  - pose proof (largest_ok l k). lia.
  - specialize (IH o k). lia.
Qed.

(* A constant. *)
Lemma within_CK ds k : within ds (CK k) [Z.abs_N k].
Proof. intros n i _ _. rewrite cev_const. simpl. lia. Qed.

(* Constants of a list. *)
Lemma within_ints ds l k : within ds (ints l k) [largest l].
Proof.
  intros n i _ _. rewrite cev_const. destruct l as [| z l]; [simpl; lia |].
  unfold ints. cbn [cval]. apply largest_ok.
Qed.

(* Constants of a tensor. *)
Lemma within_entry ds es l f : within ds (entry es l f) [largest l].
Proof. intros n i _ _. rewrite cev_const. apply largest_ok. Qed.

(* Kernels. *)
Lemma within_taps ds ks t s f : within ds (taps ks t s f) [largest2 ks].
Proof.
  intros n i _ _. rewrite cev_const. unfold taps. cbn [cval].
  destruct (_ <=? _); [apply largest2_ok | simpl; lia].
Qed.

(* ---- coefficients that a formula makes ---- *)

(* Generic weights keep to their top. *)
Lemma generic_top top seed i j : (1 <= top)%N -> Z.abs_nat (generic top seed i j) <= N.to_nat top.
Proof.
  intro T. unfold generic. set (h := scramble _).
  pose proof (N.mod_lt (N.shiftr h 1) top ltac:(lia)) as M. set (r := N.modulo _ _) in *.
  clearbody r. cbv zeta. destruct (N.odd h); lia.
Qed.

(* A sum keeps to a multiple of what its terms keep to. *)
Lemma zsum_abs l b : (forall z, In z l -> (Z.abs z <= b)%Z) ->
  (Z.abs (zsum l) <= Z.of_nat (length l) * b)%Z.
Proof.
  induction l as [| z l IH]; intro H; [simpl; lia |]. cbn [zsum length].
  pose proof (H z (or_introl eq_refl)). specialize (IH (fun y I => H y (or_intror I))). lia.
Qed.

(* So does a sum over an index. *)
Lemma bigsum_abs m f b : (forall k, (Z.abs (f k) <= b)%Z) ->
  (Z.abs (bigsum m f) <= Z.of_nat m * b)%Z.
Proof.
  intro H. rewrite <- (seq_length m 0) at 2. rewrite <- (map_length f). apply zsum_abs.
  intros z I. apply in_map_iff in I. destruct I as (k & <- & _). apply H.
Qed.

(* The unit of a layer of generic weights is positive, and keeps to the size of a row. *)
Lemma unit_top W rows columns b : (0 <= b)%Z -> (forall o k, (Z.abs (W o k) <= b)%Z) ->
  (1 <= layer_unit W rows columns <= 1 + Z.of_nat columns * b)%Z.
Proof.
  intros B H. unfold layer_unit.
  pose proof (Z.mul_nonneg_nonneg (Z.of_nat columns) b (Nat2Z.is_nonneg _) B) as P.
  assert (R : forall o, (1 <= Z.max 1 (row_size W columns o / 2) <= 1 + Z.of_nat columns * b)%Z).
  { intro o. unfold row_size.
    assert (S : (Z.abs (bigsum columns (fun k => Z.abs (W o k))) <= Z.of_nat columns * b)%Z)
      by (apply bigsum_abs; intro k; rewrite Z.abs_involutive; auto).
    set (s := bigsum _ _) in *. clearbody s.
    set (c := (Z.of_nat columns * b)%Z) in *. clearbody c.
    assert (D : (s / 2 <= 1 + c)%Z) by (apply Z.div_le_upper_bound; lia). lia. }
  destruct (seq 0 rows) as [| o l]; cbn [map]; [lia |].
  pose proof (R o). induction l as [| j l IH]; cbn [map fold_right]; auto. specialize (R j). lia.
Qed.

(* The weights of a layer of generic weights. *)
Lemma within_generic ds (W : nat -> nat -> nat -> Z) top seed :
  (forall n o k, W n o k = generic top seed o k) -> (1 <= top)%N ->
  within ds (CF (fun n v => W n (nth 0 v 0) (nth 1 v 0))) [top].
Proof. intros E T n i _ _. rewrite cev_const. cbn [cval]. rewrite E. now apply generic_top. Qed.

(* A bound on its unit: the rows have the given length. *)
Definition unit_size (top : N) (columns : poly) : npoly :=
  nadd (nc 1) (nmul (map N.of_nat columns) [top]).

(* A bound on its biases, whose own numbers keep to own. *)
Definition bias_size (top own : N) (half : Z) (columns : poly) : npoly :=
  nadd [own] (nmul [Z.abs_N half]
    (nadd (nmul (map N.of_nat columns) [top]) (unit_size top columns))).

(* The unit keeps to its bound. *)
Lemma unit_size_ok (W : nat -> nat -> Z) top seed rows columns n :
  (forall o k, W o k = generic top seed o k) -> (1 <= top)%N ->
  (1 <= layer_unit W rows (peval columns n) <= Z.of_nat (cev (unit_size top columns) n))%Z.
Proof.
  intros E T. unfold unit_size. rewrite cev_add, cev_mul, cev_c, cev_poly, cev_const.
  pose proof (unit_top W rows (peval columns n) (Z.of_N top)) as U.
  destruct U as [A B]; [lia | |].
  - intros o k. rewrite E. pose proof (generic_top top seed o k T). lia.
  - lia.
Qed.

(* The biases of a layer of generic weights. *)
Lemma within_bias ds (B : nat -> nat -> Z) W top seed own bias half rows columns :
  (forall n o, B n o = layer_bias (W n) half (layer_unit (W n) (peval rows n) (peval columns n))
    (generic own bias 0 o) (peval columns n) o) ->
  (forall n o k, W n o k = generic top seed o k) -> (1 <= top)%N -> (1 <= own)%N ->
  within ds (CF (fun n v => B n (nth 0 v 0))) (bias_size top own half columns).
Proof.
  intros EB EW T O n i _ _. cbn [cval]. rewrite EB. unfold layer_bias, bias_size.
  rewrite cev_add, cev_mul, cev_add, cev_mul, cev_poly, !cev_const.
  pose proof (unit_size_ok (W n) top seed (peval rows n) columns n (EW n) T) as U.
  set (u := layer_unit _ _ _) in *. set (v := cev (unit_size _ _) n) in *.
  pose proof (generic_top own bias 0 (nth 0 i 0) O) as G. set (g := generic _ _ _ _) in *.
  unfold row_sum. set (s := bigsum _ _).
  assert (S : (Z.abs s <= Z.of_nat (peval columns n) * Z.of_N top)%Z).
  { apply bigsum_abs. intro k. rewrite EW. pose proof (generic_top top seed (nth 0 i 0) k T). lia. }
  set (c := peval columns n) in *. clearbody s u g v c.
  assert (M : (Z.abs half * (Z.abs s + u) <=
    Z.abs half * (Z.of_nat c * Z.of_N top + Z.of_nat v))%Z) by (apply Z.mul_le_mono_nonneg_l; lia).
  replace (g - s * half + u * half)%Z with (g + (u - s) * half)%Z by ring.
  pose proof (Z.abs_triangle g ((u - s) * half)) as A. rewrite Z.abs_mul in A.
  assert (D : (Z.abs (u - s) * Z.abs half <= Z.abs half * (Z.abs s + u))%Z)
    by (rewrite Z.mul_comm; apply Z.mul_le_mono_nonneg_l; lia).
  enough ((Z.abs (g + (u - s) * half) <=
    Z.of_nat (N.to_nat own + N.to_nat (Z.abs_N half) * (c * N.to_nat top + v)))%Z) by lia.
  rewrite Nat2Z.inj_add, Nat2Z.inj_mul, Nat2Z.inj_add, Nat2Z.inj_mul, !N_nat_Z, N2Z.inj_abs_N. lia.
Qed.

(* ---- operations ---- *)

(* Weighted sums. *)
Lemma mag_sum osh ssh w c f a m k :
  within (fun n => dims n osh ++ dims n ssh) w m -> within (fun n => dims n osh) c k ->
  bounded1 (OSum osh ssh w c f a) (mkMag m k).
Proof. now split. Qed.

(* Linear maps. *)
Lemma mag_linear sh cols k W b a :
  bounded1 (linear sh cols k W b a) (mkMag [largest2 W] [largest b]).
Proof.
  apply mag_sum; [| apply within_ints].
  intros n i _ _. rewrite cev_const. cbn [cval]. apply largest2_ok.
Qed.

(* Affine maps. *)
Lemma mag_affine sh k c a : bounded1 (affine sh k c a) (mkMag [Z.abs_N k] [Z.abs_N c]).
Proof. apply mag_sum; apply within_CK. Qed.

(* Sums along an axis. *)
Lemma mag_reduce sh size axis a : bounded1 (reduce sh size axis a) (mkMag [1%N] [0%N]).
Proof. apply mag_sum; apply within_CK. Qed.

(* Gathers. *)
Lemma mag_gather sh f a : bounded1 (gather sh f a) (mkMag [1%N] [0%N]).
Proof. apply mag_sum; apply within_CK. Qed.

(* Causal masks. *)
Lemma mag_causal sh first second z a :
  bounded1 (causal sh first second z a) (mkMag [1%N] [Z.abs_N z]).
Proof.
  apply mag_sum; intros n i _ _; rewrite cev_const; cbn [cval]; destruct (_ <=? _); simpl; lia.
Qed.

(* The ranks of a row. *)
Lemma mag_ranked sh m k a :
  bounded1 (ranked sh m k a) (mkMag (map N.of_nat m) (map N.of_nat (nth k sh []))).
Proof.
  apply mag_sum; intros n i _ I; rewrite cev_poly; cbn [cval]; [lia |].
  enough (nth k i 0 <= peval (nth k sh []) n) by lia.
  revert k i I. induction sh as [| d sh IH]; intros [| k] [| j i]; simpl; try easy; try lia.
  - rewrite andb_true_iff, Nat.ltb_lt. lia.
  - rewrite andb_true_iff. intros [_ I]. now apply IH.
Qed.

(* The thresholds of a list of jumps, if they are constants. *)
Definition thresholds (js : list (coef * Z)) : list Z :=
  map (fun j => match fst j with CK k => k | CF _ => 0%Z end) js.
Definition fixed (js : list (coef * Z)) : bool :=
  forallb (fun j => match fst j with CK _ => true | CF _ => false end) js.

(* They keep to the greatest. *)
Lemma fixed_ok js j n i : fixed js = true -> In j js ->
  Z.abs_nat (cval (fst j) n i) <= cev [largest (thresholds js)] n.
Proof.
  unfold fixed. rewrite forallb_forall, cev_const. intros F J. specialize (F j J).
  assert (K : In (cval (fst j) n i) (thresholds js)).
  { unfold thresholds. apply in_map_iff. exists j. split; auto. now destruct (fst j). }
  apply In_nth with (d := 0%Z) in K. destruct K as (k & _ & <-). apply largest_ok.
Qed.

(* Staircases whose thresholds are constants. *)
Lemma mag_fixed base js a :
  fixed js = true -> bounded1 (OStep base js a) (mkMag [] [largest (thresholds js)]).
Proof. intros F j n i J _. now apply fixed_ok. Qed.

(* The same as a word. *)
Lemma mag_step base js a : bounded1 (step base js a) (mkMag [] [largest (map fst js)]).
Proof.
  assert (E : thresholds (map (fun j => (CK (fst j), snd j)) js) = map fst js)
    by (unfold thresholds; now rewrite map_map).
  rewrite <- E. apply mag_fixed. unfold fixed. apply forallb_forall.
  intros j J. apply in_map_iff in J. now destruct J as (? & <- & _).
Qed.

(* Maxima whose thresholds are constants. *)
Lemma mag_max base js ssh f a :
  fixed js = true -> bounded1 (OMax base js ssh f a) (mkMag [] [largest (thresholds js)]).
Proof. intros F j n i J _. now apply fixed_ok. Qed.

(* Rounding by the unit of a layer of generic weights. *)
Lemma mag_rounding base m a (U : nat -> Z) W top seed rows columns :
  (forall n, U n = layer_unit (W n) (peval rows n) (peval columns n)) ->
  (forall n o k, W n o k = generic top seed o k) -> (1 <= top)%N ->
  bounded1 (OStep base (rounding U m) a) (mkMag [] (nmul (nc m) (unit_size top columns))).
Proof.
  intros EU EW T j n i J _. unfold rounding in J. apply in_map_iff in J.
  destruct J as (y & <- & Y). apply in_seq in Y. cbn [fst cval m_constant].
  pose proof (unit_size_ok (W n) top seed (peval rows n) columns n (EW n) T) as S.
  rewrite <- EU in S. rewrite cev_mul, cev_c. set (u := U n) in *. set (v := cev _ n) in *.
  clearbody u v. pose proof (Z.div_le_upper_bound u 2 u). pose proof (Z.div_pos u 2).
  assert (Z.of_nat y * u <= Z.of_nat m * Z.of_nat v)%Z by (apply Z.mul_le_mono_nonneg; lia).
  assert (1 * u <= Z.of_nat y * u)%Z by (apply Z.mul_le_mono_nonneg_r; lia).
  enough (Z.abs (Z.of_nat y * u - u / 2) <= Z.of_nat (m * v))%Z by lia. lia.
Qed.

(* Operations with no coefficients to bound. *)
Lemma mag_add a b : bounded1 (OAdd a b) (mkMag [] []).
Proof. exact I. Qed.
Lemma mag_con osh ssh fa fb a b : bounded1 (OCon osh ssh fa fb a b) (mkMag [] []).
Proof. exact I. Qed.
Lemma mag_quo lo m fd a b : bounded1 (OQuo lo m fd a b) (mkMag [] []).
Proof. exact I. Qed.

(* ---- certificates ---- *)

(* A definition is unfolded by name: unification would unfold, and compute, all there is. *)
Ltac made := intros; lazymatch goal with |- ?W _ _ _ = _ => unfold W end; reflexivity.

(* Bounds a coefficient. *)
Ltac coefficient :=
  lazymatch goal with
  | |- within _ (CK _) _ => apply within_CK
  | |- within _ (ints _ _) _ => apply within_ints
  | |- within _ (entry _ _ _) _ => apply within_entry
  | |- within _ (taps _ _ _ _) _ => apply within_taps
  | |- within _ (CF (fun n v => _ n (nth 0 v _) (nth 1 v _))) _ =>
    eapply within_generic; [made | vm_compute; discriminate]
  | |- within _ (CF (fun n v => _ n (nth 0 v _))) _ =>
    eapply within_bias;
      [intros n o;
        lazymatch goal with |- ?B _ _ = _ => unfold B end;
        lazymatch goal with |- layer_bias _ _ (?U _) _ _ _ = _ => unfold U end; reflexivity
      | made | vm_compute; discriminate ..]
  end.

(* Bounds the coefficients of an operation. *)
Ltac magnitude :=
  lazymatch goal with
  | |- bounded1 (linear _ _ _ _ _ _) _ => apply mag_linear
  | |- bounded1 (affine _ _ _ _) _ => apply mag_affine
  | |- bounded1 (reduce _ _ _ _) _ => apply mag_reduce
  | |- bounded1 (gather _ _ _) _ => apply mag_gather
  | |- bounded1 (causal _ _ _ _ _) _ => apply mag_causal
  | |- bounded1 (ranked _ _ _ _) _ => apply mag_ranked
  | |- bounded1 (step _ _ _) _ => apply mag_step
  | |- bounded1 (OSum _ _ _ _ _ _) _ => eapply mag_sum; coefficient
  | |- bounded1 (OStep _ (rounding _ _) _) _ =>
    eapply mag_rounding;
      [intro; lazymatch goal with |- ?U _ = _ => unfold U end; reflexivity | made
      | vm_compute; discriminate]
  | |- bounded1 (OStep _ _ _) _ => apply mag_fixed; reflexivity
  | |- bounded1 (OMax _ _ _ _ _) _ => apply mag_max; reflexivity
  | |- bounded1 (OAdd _ _) _ => apply mag_add
  | |- bounded1 (OCon _ _ _ _ _ _) _ => apply mag_con
  | |- bounded1 (OQuo _ _ _ _ _) _ => apply mag_quo
  end.

(* Bounds the coefficients of a concrete program. *)
Ltac magnitudes :=
  lazymatch goal with |- bounded ?p _ => unfold bounded, p; cbn [p_ops] end;
  repeat (apply Forall2_cons; [magnitude |]); apply Forall2_nil.

(* Certifies the wires and weights of a concrete program: the bounds are computed. *)
Ltac weigh := eapply costs_ok;
  [magnitudes | vm_compute; discriminate | vm_compute; reflexivity].
