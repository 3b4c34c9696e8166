(* How large the coefficients of more words are: of norms, tables, windows and binary codes. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Cost Bounds.
From TC0 Require Import Vocabulary Words Generic Magnitude.
Import ListNotations.
Open Scope nat_scope.

(* ---- coefficients ---- *)

(* What is in a list is no larger than the greatest of it. *)
Lemma largest_in l z : In z l -> Z.abs_nat z <= N.to_nat (largest l).
Proof.
  intro I. apply In_nth with (d := 0%Z) in I. destruct I as (k & _ & <-). apply largest_ok.
Qed.

(* A coordinate is below the length of its axis. *)
Lemma inb_nth n (sh : list poly) ds : forall k i m,
  inb (dims n sh ++ ds) i = true -> nth k sh [] = [m] -> nth k i 0 < m.
Proof.
  unfold dims. induction sh as [| d sh IH]; intros [| k] [| j i] m I E; try easy.
  - simpl in E. subst d. simpl in I. apply andb_true_iff in I. destruct I as [I _].
    apply Nat.ltb_lt in I. simpl. lia.
  - simpl in I. apply andb_true_iff in I. destruct I as [_ I]. simpl. now apply IH.
Qed.

(* All tau of a norm of m levels. *)
Definition taus (unit lo : Z) (offsets : list Z) (m : nat) : list Z :=
  flat_map (fun q => map (fun o => unit * (lo + 1 + Z.of_nat q) - o)%Z (0%Z :: offsets)) (seq 0 m).

(* They are all. *)
Lemma tau_in unit lo offsets k m v : nth (S k) v 0 < m ->
  In (tau unit lo offsets k v) (taus unit lo offsets m).
Proof.
  intro M. unfold taus, tau. apply in_flat_map. exists (nth (S k) v 0).
  split; [apply in_seq; lia |].
  apply (in_map (fun o : Z => unit * (lo + 1 + Z.of_nat (nth (S k) v 0%nat)) - o)%Z).
  destruct (Nat.lt_ge_cases (nth k v 0) (length offsets)).
  - right. now apply nth_In.
  - left. now rewrite nth_overflow.
Qed.

(* ---- norms ---- *)

(* Signs of tau. *)
Lemma mag_root_square sh t a : bounded1 (root_square sh t a) (mkMag [1%N] [0%N]).
Proof.
  apply mag_sum; [| apply within_CK]. intros n i _ _. rewrite cev_const. cbn [cval].
  destruct (t i); simpl; lia.
Qed.

(* Squares of tau. *)
Lemma mag_root_radicand (sh : list poly) unit lo offsets k f a m : nth (S k) sh [] = [m] ->
  bounded1 (root_radicand sh (tau unit lo offsets k) f a)
    (mkMag [largest (map (fun t => (t * t)%Z) (taus unit lo offsets m))] [0%N]).
Proof.
  intro E. apply mag_sum; [| apply within_CK]. intros n i _ I. rewrite cev_const. cbn [cval].
  set (t := tau unit lo offsets k i).
  assert (S : In (t * t)%Z (map (fun t => (t * t)%Z) (taus unit lo offsets m))).
  { apply (in_map (fun t : Z => (t * t)%Z)). apply tau_in. eapply inb_nth; eassumption. }
  apply largest_in in S. set (l := largest _) in *. clearbody l.
  destruct (Z.sgn_spec t) as [[_ ->] | [[_ ->] | [_ ->]]]; lia.
Qed.

(* The bound of a norm, or 1. *)
Lemma mag_root_sign sh t bound a :
  bounded1 (root_sign sh t bound a)
    (mkMag [N.max 1 (Z.abs_N bound)] [N.max 1 (Z.abs_N bound)]).
Proof.
  apply mag_sum; intros n i _ _; rewrite cev_const; cbn [cval];
    destruct (t i =? 0)%Z; try destruct (0 <? t i)%Z; lia.
Qed.

(* Counts of levels. *)
Lemma mag_levels_from lo sh m a : bounded1 (levels_from lo sh m a) (mkMag [1%N] [Z.abs_N lo]).
Proof. apply mag_sum; apply within_CK. Qed.

(* ---- windows and tables ---- *)

(* Windows. *)
Lemma mag_window sh size k a : bounded1 (window sh size k a) (mkMag [1%N] [0%N]).
Proof.
  apply mag_sum; [| apply within_CK]. intros n i _ _. rewrite cev_const. cbn [cval]. cbv zeta.
  destruct (_ && _)%bool; simpl; lia.
Qed.

(* Elements at some distance from the end. *)
Lemma mag_from_end sh size back f a : bounded1 (from_end sh size back f a) (mkMag [1%N] [0%N]).
Proof.
  apply mag_sum; [| apply within_CK]. intros n i _ _. rewrite cev_const. cbn [cval].
  destruct (_ =? _); simpl; lia.
Qed.

(* A staircase of one jump, at a threshold of a list. *)
Lemma mag_listed base l k j a :
  bounded1 (OStep base [(ints l k, j)] a) (mkMag [] [largest l]).
Proof.
  intros x n i [<- | []] _. cbn [fst m_constant]. rewrite cev_const. destruct l as [| z l].
  - simpl. lia.
  - unfold ints. cbn [cval]. apply largest_ok.
Qed.

(* Marks. *)
Lemma mag_marks m k a :
  bounded1 (marks m k a) (mkMag [] [largest (map Z.of_nat (seq 1 m))]).
Proof. apply mag_listed. Qed.

(* Products of a coefficient and a matrix, summed. *)
Lemma mag_turned sh ssh cols w row W f a m :
  within (fun n => dims n sh ++ dims n ssh) w m ->
  bounded1 (turned sh ssh cols w row W f a)
    (mkMag (nmul (nprod ssh) (nmul m [largest2 W])) [0%N]).
Proof.
  intro H. apply mag_sum; [| apply within_CK]. intros n i N I. cbn [cval]. cbv zeta.
  rewrite !cev_mul, cev_prod, cev_const. fold (dims n ssh).
  set (v := firstn (length sh) i).
  assert (L : length v = length (dims n sh)).
  { pose proof (inb_length _ _ I) as E. unfold v. rewrite firstn_length, E, app_length.
    unfold dims. rewrite !map_length. lia. }
  assert (J : inb (dims n sh) v = true).
  { rewrite <- (firstn_skipn (length sh) i) in I. fold v in I.
    rewrite inb_app in I by auto. now apply andb_true_iff in I. }
  rewrite <- length_box. set (B := (cev m n * N.to_nat (largest2 W))%nat).
  enough (E : forall l, (forall e, In e l -> inb (dims n ssh) e = true) ->
    (Z.abs (zsum (map (fun e => cval w n (v ++ e) *
      nth (nth (length sh) i 0%nat) (nth (ieval (v ++ e) row) W []) 0) l))
      <= Z.of_nat (length l) * Z.of_nat B)%Z).
  { specialize (E (box (dims n ssh)) (fun e K => proj1 (in_box _ e) K)). lia. }
  intros l K. set (g := fun e => _). pose proof (zsum_abs (map g l) (Z.of_nat B)) as A.
  rewrite map_length in A. apply A. clear A.
  intros z Z. apply in_map_iff in Z. destruct Z as (e & <- & M).
  assert (P : inb (dims n sh ++ dims n ssh) (v ++ e) = true)
    by (rewrite inb_app, J by auto; now apply K).
  specialize (H n (v ++ e) N P).
  pose proof (largest2_ok W (ieval (v ++ e) row) (nth (length sh) i 0)) as Q.
  unfold g, B. rewrite Z.abs_mul, Nat2Z.inj_mul. apply Z.mul_le_mono_nonneg; lia.
Qed.

(* ---- binary codes ---- *)

(* Signs of marks. *)
Lemma mag_bit_sums sh top m a : bounded1 (bit_sums sh top m a) (mkMag [1%N] [0%N]).
Proof.
  apply mag_sum; [| apply within_CK]. intros n i _ _. rewrite cev_const. cbn [cval]. cbv zeta.
  destruct (negb _); [| destruct (Nat.odd _)]; simpl; lia.
Qed.

(* What bits count. *)
Lemma mag_low_bits lo sh top a :
  bounded1 (low_bits lo sh top a) (mkMag [(2 ^ N.of_nat (top - 1))%N] [Z.abs_N lo]).
Proof.
  apply mag_sum; [| apply within_CK]. intros n i _ I. rewrite cev_const. cbn [cval].
  assert (B : nth (length sh) i 0 < top).
  { unfold dims in I. rewrite <- map_app in I.
    apply (inb_nth n (sh ++ [[top]]) [] _ _ top); [now rewrite app_nil_r |].
    rewrite app_nth2, Nat.sub_diag by lia. reflexivity. }
  set (b := nth _ i 0) in *. clearbody b.
  assert (P : (2 ^ Z.of_nat b <= 2 ^ Z.of_nat (top - 1))%Z) by (apply Z.pow_le_mono_r; lia).
  assert (E : (2 ^ Z.of_nat (top - 1))%Z = Z.of_N (2 ^ N.of_nat (top - 1)))
    by now rewrite N2Z.inj_pow, nat_N_Z.
  rewrite E in P. pose proof (Z.pow_nonneg 2 (Z.of_nat b) ltac:(lia)). lia.
Qed.

(* What the top bit counts. *)
Lemma mag_top_bit sh top a :
  bounded1 (top_bit sh top a) (mkMag [Z.abs_N (2 ^ Z.of_nat top)] [0%N]).
Proof. apply mag_sum; apply within_CK. Qed.

(* The levels of a quotient. *)
Lemma mag_less_levels (sh : list poly) lo f a m : nth (length sh - 1) sh [] = [m] ->
  bounded1 (less_levels sh lo f a)
    (mkMag [N.max (Z.abs_N (lo + 1)) (Z.abs_N (lo + Z.of_nat m))] [0%N]).
Proof.
  intro E. apply mag_sum; [| apply within_CK]. intros n i _ I. rewrite cev_const. cbn [cval].
  pose proof (inb_nth n sh _ _ i m I E). lia.
Qed.

(* ---- certificates ---- *)

(* Bounds the coefficients of an operation. *)
Ltac magnitude ::=
  lazymatch goal with
  | |- bounded1 (linear _ _ _ _ _ _) _ => apply mag_linear
  | |- bounded1 (affine _ _ _ _) _ => apply mag_affine
  | |- bounded1 (reduce _ _ _ _) _ => apply mag_reduce
  | |- bounded1 (gather _ _ _) _ => apply mag_gather
  | |- bounded1 (causal _ _ _ _ _) _ => apply mag_causal
  | |- bounded1 (ranked _ _ _ _) _ => apply mag_ranked
  | |- bounded1 (step _ _ _) _ => apply mag_step
  | |- bounded1 (root_square _ _ _) _ => apply mag_root_square
  | |- bounded1 (root_radicand _ _ _ _) _ => eapply mag_root_radicand; reflexivity
  | |- bounded1 (root_sign _ _ _ _) _ => apply mag_root_sign
  | |- bounded1 (levels_from _ _ _ _) _ => apply mag_levels_from
  | |- bounded1 (window _ _ _ _) _ => apply mag_window
  | |- bounded1 (from_end _ _ _ _ _) _ => apply mag_from_end
  | |- bounded1 (turned _ _ _ _ _ _ _ _) _ => eapply mag_turned; coefficient
  | |- bounded1 (marks _ _ _) _ => apply mag_marks
  | |- bounded1 (bit_sums _ _ _ _) _ => apply mag_bit_sums
  | |- bounded1 (low_bits _ _ _ _) _ => apply mag_low_bits
  | |- bounded1 (top_bit _ _ _) _ => apply mag_top_bit
  | |- bounded1 (less_levels _ _ _ _) _ => eapply mag_less_levels; reflexivity
  | |- bounded1 (OSum _ _ _ _ _ _) _ => eapply mag_sum; coefficient
  | |- bounded1 (OStep _ (rounding _ _) _) _ =>
    eapply mag_rounding;
      [intro; lazymatch goal with |- ?U _ = _ => unfold U end; reflexivity | made
      | vm_compute; discriminate]
  | |- bounded1 (OStep _ [(ints _ _, _)] _) _ => apply mag_listed
  | |- bounded1 (OStep _ _ _) _ => apply mag_fixed; reflexivity
  | |- bounded1 (OMax _ _ _ _ _) _ => apply mag_max; reflexivity
  | |- bounded1 (OAdd _ _) _ => apply mag_add
  | |- bounded1 (OCon _ _ _ _ _ _) _ => apply mag_con
  | |- bounded1 (OQuo _ _ _ _ _) _ => apply mag_quo
  end.

(* Bounds the coefficients of a concrete program. Sixteen operations are taken at once: each tactic
   goes through all of its goal, so that one by one they would take quadratic time. *)
Ltac each_magnitude :=
  repeat (apply Forall2_cons; [magnitude |]); apply Forall2_nil.

Ltac all_magnitudes :=
  lazymatch goal with
  | |- Forall2 ?P (?a :: ?b :: ?c :: ?d :: ?e :: ?f :: ?g :: ?h ::
      ?i :: ?j :: ?k :: ?l :: ?m :: ?n :: ?o :: ?p :: ?r) ?ms =>
    change (Forall2 P ([a; b; c; d; e; f; g; h; i; j; k; l; m; n; o; p] ++ r) ms);
    apply Forall2_app; [each_magnitude | all_magnitudes]
  | |- _ => each_magnitude
  end.

Ltac magnitudes ::=
  lazymatch goal with |- bounded ?p _ => unfold bounded, p; cbn [p_ops] end; all_magnitudes.
