(* Norms: their programs, which compute rms_norm and layer_norm as NormDefinitions.v has them, and
   the certificates for all their parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions Vocabulary Words SumParts Values Blocks Roots.
Import ListNotations.
Open Scope Z_scope.

(* ---- levels of a root ---- *)

(* The levels that x reaches: those of a number over a root. *)
Definition levels_over_root (unit lo : Z) (offsets : list Z) (m : nat) (x y : Z) (f : nat) : Z :=
  lo + bigsum m (fun q =>
    Z.b2z (reaches_root x (unit * (lo + 1 + Z.of_nat q) - nth f offsets 0) y)).

(* The sum that decides. *)
Lemma root_sum x t y B : 0 <= y -> x * x < B ->
  (0 <=? Z.sgn t * (x * x) + (((if t =? 0 then -1 else if 0 <? t then - B else 0) +
    (if t =? 0 then 1 else B) * Z.b2z (0 <=? x)) + - Z.sgn t * (t * t) * y)) = reaches_root x t y.
Proof.
  intros Y X. unfold reaches_root. rewrite !Z.pow_2_r.
  pose proof (Z.square_nonneg x). assert (S : 0 <= t * t * y) by nia.
  apply eq_true_iff_eq. destruct (Z.eqb_spec t 0) as [-> | E].
  - change (0 <? 0) with false. cbn [Z.sgn].
    destruct (Z.leb_spec 0 x); cbn [Z.b2z orb]; rewrite !Z.leb_le; nia.
  - destruct (Z.ltb_spec 0 t); [rewrite Z.sgn_pos by lia | rewrite Z.sgn_neg by lia];
      destruct (Z.leb_spec 0 x); cbn [Z.b2z orb andb]; rewrite ?Z.leb_le; lia.
Qed.

(* The operations of a root. The operands are a square, a sign and a radicand of n positions; k is
   the number of the first operation. *)
Section Root.
  Variables (d m : nat) (unit lo : Z) (offsets : list Z) (B : Z).

  Definition root (square sign radicand k : nat) : list op :=
    let each := [pn; [d]; [m]] in
    let t := tau unit lo offsets 1 in
    [ (* k to k + 2: three sums; k + 3, k + 4: together *)
      root_square each t square;
      root_radicand each t [IV 0] radicand;
      root_sign each t B sign;
      OAdd k (k + 1);
      OAdd (k + 3) (k + 2);
      (* k + 5, k + 6: the levels that are reached, and how many they are *)
      step 0 [(0, 1)] (k + 4);
      levels_from lo [pn; [d]] m (k + 5) ].

  (* They mean the levels that x reaches. *)
  Lemma root_meaning n env square sign rad k x y :
    length env = k -> (square < k)%nat -> (sign < k)%nat -> (rad < k)%nat ->
    (forall i f, (i < n)%nat -> (f < d)%nat -> snd (nth square env tnone) [i; f] = x i f * x i f) ->
    (forall i f, (i < n)%nat -> (f < d)%nat ->
      snd (nth sign env tnone) [i; f] = Z.b2z (0 <=? x i f)) ->
    (forall i, (i < n)%nat -> snd (nth rad env tnone) [i] = y i) ->
    (forall i, (i < n)%nat -> 0 <= y i) ->
    (forall i f, (i < n)%nat -> (f < d)%nat -> x i f * x i f < B) ->
    holds (nth (k + 6) (sems n (root square sign rad k) env) tnone) n d
      (fun i f => levels_over_root unit lo offsets m (x i f) (y i) f).
  Proof.
    intros L Ls Lg Lr HS HG HR Y X. set (T f q := unit * (lo + 1 + Z.of_nat q) - nth f offsets 0).
    assert (N : forall l j, nth (k + j) (env ++ l) tnone = nth j l tnone)
      by (intros; rewrite <- L; apply app_nth2_plus).
    assert (N0 : forall l, nth k (env ++ l) tnone = nth 0 l tnone)
      by (intro; rewrite <- (Nat.add_0_r k) at 1; apply N).
    assert (O : forall l j, (j < k)%nat -> nth j (env ++ l) tnone = nth j env tnone)
      by (intros; apply app_nth1; lia).
    unfold root. cbn zeta.
    unfold root_square, root_radicand, root_sign, levels_from. cbn [length Nat.sub seq map].
    after t0.
    assert (H0 : fst t0 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t0 [i; f; q] = Z.sgn (T f q) * (x i f * x i f)).
    { subst t0. split; [cbn [sem1 fst]; now lengths |]. intros i f q I F Q.
      rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite HS by auto. reflexivity. }
    clearbody t0. destruct H0 as [S0 H0].
    after t1.
    assert (H1 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t1 [i; f; q] = - Z.sgn (T f q) * (T f q * T f q) * y i).
    { subst t1. intros i f q I F Q.
      rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite O, HR by auto. reflexivity. }
    clearbody t1.
    after t2.
    assert (H2 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t2 [i; f; q] = (if T f q =? 0 then -1 else if 0 <? T f q then - B else 0) +
        (if T f q =? 0 then 1 else B) * Z.b2z (0 <=? x i f)).
    { subst t2. intros i f q I F Q.
      rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite O, HG by auto. reflexivity. }
    clearbody t2.
    after t3.
    assert (H3 : fst t3 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t3 [i; f; q] = snd t0 [i; f; q] + snd t1 [i; f; q]).
    { subst t3. unfold sem1. rewrite N0, N. cbn [nth fst snd]. rewrite S0. split; auto.
      intros. now rewrite table_eq, inb3. }
    clearbody t3. destruct H3 as [S3 H3].
    after t4.
    assert (H4 : fst t4 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t4 [i; f; q] = snd t3 [i; f; q] + snd t2 [i; f; q]).
    { subst t4. unfold sem1. rewrite !N. cbn [nth fst snd]. rewrite S3. split; auto.
      intros. now rewrite table_eq, inb3. }
    clearbody t4. destruct H4 as [S4 H4].
    after t5.
    assert (H5 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t5 [i; f; q] = Z.b2z (reaches_root (x i f) (T f q) (y i))).
    { subst t5. intros i f q I F Q. rewrite step_sem; rewrite N; cbn [nth].
      - rewrite H4, H3, H2, H1, H0, <- (root_sum _ _ _ B) by auto.
        unfold stair. cbn [map zsum fst snd].
        match goal with |- 0 + (1 * Z.b2z (0 <=? ?a) + 0) = Z.b2z (0 <=? ?b) =>
          replace a with b by ring; now destruct (0 <=? b) end.
      - rewrite S4. now apply inb3. }
    clearbody t5.
    after t6. cbn [sems]. rewrite N. cbn [nth]. split; [subst t6; cbn [sem1 fst]; now lengths |].
    intros i f I F. subst t6. rewrite sum_sem by inside. lengths. rewrite zsum_box1. cbn [cval].
    unfold levels_over_root. f_equal. apply bigsum_ext. intros q Q.
    cbn [app imap map ieval nth]. rewrite N. cbn [nth]. rewrite H5 by auto. apply Z.mul_1_l.
  Qed.
End Root.

(* ---- bounds ---- *)

(* The integer of p bits in two's complement. *)
Lemma twos_range p x o : (1 <= p)%nat ->
  - 2 ^ Z.of_nat (p - 1) <= twos p x o <= 2 ^ Z.of_nat (p - 1) - 1.
Proof.
  intro P. destruct p as [| p]; [lia |]. cbn [Nat.sub]. rewrite Nat.sub_0_r.
  unfold twos. rewrite bigsum_S, Nat.eqb_refl.
  rewrite (bigsum_ext p _ (fun b => 2 ^ Z.of_nat b * Z.b2z (x (o + b)%nat))).
  - enough (forall q, 0 <= bigsum q (fun b => 2 ^ Z.of_nat b * Z.b2z (x (o + b)%nat))
      <= 2 ^ Z.of_nat q - 1) as B.
    { specialize (B p). destruct (x (o + p)%nat); cbn [Z.b2z]; lia. }
    induction q as [| q IH]; [unfold bigsum; simpl; lia |]. rewrite bigsum_S.
    rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. destruct (x (o + q)%nat); cbn [Z.b2z]; lia.
  - intros b B. now rewrite (proj2 (Nat.eqb_neq (S b) (S p))) by lia.
Qed.

(* A test that suffices for a factor times a number of at most M on either side to have a square
   below B. *)
Definition squares_below (B M : Z) (gains : list Z) : bool :=
  (0 <? B) && forallb (fun g => (g * M) * (g * M) <? B) gains.

(* The test is right. *)
Lemma squares_below_ok B M gains f x : squares_below B M gains = true -> - M <= x <= M ->
  (nth f gains 0 * x) * (nth f gains 0 * x) < B.
Proof.
  unfold squares_below. rewrite andb_true_iff, Z.ltb_lt, forallb_forall. intros [P A] X.
  destruct (Nat.lt_ge_cases f (length gains)) as [F | F].
  - specialize (A _ (nth_In gains 0 F)). apply Z.ltb_lt in A.
    set (g := nth f gains 0) in *. assert (x * x <= M * M) by nia.
    assert (0 <= g * g) by nia. nia.
  - rewrite nth_overflow by auto. lia.
Qed.

(* ---- norms of a tensor ---- *)

(* The constants of d features along the second axis. *)
Lemma entry_sem n i f d l : cval (entry [d] l [IV 1]) n [i; f] = nth f l 0.
Proof. unfold entry. cbn [cval imap map ieval nth ravel]. now rewrite Nat.mul_0_l. Qed.

(* The parameters: d features; the numbers of NormDefinitions.v; and B, above the square of every
   number over the root. *)
Section Norm.
  Variables (d : nat) (root2 eps : Z) (gains offsets : list Z) (unit lo : Z) (levels : nat).
  Variable B : Z.

  (* The RMS norm of value 0. *)
  Definition rms_ops : list op :=
    [ (* 1, 2: the radicand *)
      OCon [pn] [[d]] [IV 0; IV 1] [IV 0; IV 1] 0 0;
      affine [pn] root2 eps 1;
      (* 3 to 5: the number over the root, its square, and whether it is at least 0 *)
      OSum [pn; [d]] [] (entry [d] gains [IV 1]) (CK 0) [IV 0; IV 1] 0;
      OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] 3 3;
      step 0 [(0, 1)] 3 ] ++
    root d levels unit lo offsets B 4 5 2 6.

  (* The centred features of value 0, and their RMS norm. *)
  Definition centre : list (list Z) :=
    map (fun o => map (fun k => if (k =? o)%nat then Z.of_nat d - 1 else -1) (seq 0 d)) (seq 0 d).
  Definition layer_norm_ops : list op :=
    sequence [linear [pn; [d]] [d] 1 centre [] 0] rms_ops.

  (* Radicands are not negative. *)
  Hypothesis root2_natural : 0 <= root2.
  Hypothesis eps_natural : 0 <= eps.

  Local Notation rms_norm := (rms_norm d root2 eps gains offsets unit lo levels).
  Local Notation layer_norm := (layer_norm d root2 eps gains offsets unit lo levels).

  (* The first operations compute the RMS norm. *)
  Theorem rms_computes n x :
    (forall i f, (i < n)%nat -> (f < d)%nat ->
      (nth f gains 0 * x i f) * (nth f gains 0 * x i f) < B) ->
    computes rms_ops n d d x (rms_norm x).
  Proof.
    intros XB t [S0 H0]. unfold rms_ops. rewrite app_length. cbn [length].
    change (root _ _ _ _ _ _ _ _ _ _) with (root d levels unit lo offsets B 4 5 2 6).
    rewrite sems_app.
    next t1.
    assert (H1 : forall i, (i < n)%nat -> snd t1 [i] = bigsum d (fun f => x i f * x i f)).
    { subst t1. intros i I. cbn [sem1 snd]. lengths. rewrite table_eq, inb1, zsum_box1 by auto.
      apply bigsum_ext. intros f F. cbn [nth imap map ieval app]. now rewrite H0. }
    clearbody t1.
    next t2.
    assert (H2 : forall i, (i < n)%nat -> snd t2 [i] = radicand d root2 eps x i).
    { subst t2. intros i I. unfold affine. cbn [length seq map]. one. rewrite H1 by auto.
      unfold radicand. ring. }
    clearbody t2.
    next t3.
    assert (H3 : fst t3 = [n; d] /\ forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t3 [i; f] = nth f gains 0 * x i f).
    { subst t3. split; [cbn [sem1 fst]; now lengths |]. intros i f I F.
      rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0, app_nil_r, entry_sem.
      cbn [cval imap map ieval nth]. now rewrite H0. }
    clearbody t3. destruct H3 as [S3 H3].
    next t4.
    assert (H4 : forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t4 [i; f] = (nth f gains 0 * x i f) * (nth f gains 0 * x i f)).
    { subst t4. intros i f I F. cbn [sem1 snd]. lengths. rewrite table_eq, inb2 by auto.
      unfold dims. cbn [map]. rewrite zsum_box0. cbn [app nth imap map ieval]. now rewrite H3. }
    clearbody t4.
    next t5.
    assert (H5 : forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t5 [i; f] = Z.b2z (0 <=? nth f gains 0 * x i f)).
    { subst t5. intros i f I F. rewrite step_sem by (cbn [nth]; rewrite S3; now apply inb2).
      cbn [nth]. rewrite H3 by auto. unfold stair. cbn [map zsum fst snd].
      now destruct (0 <=? _). }
    clearbody t5.
    apply (root_meaning d levels unit lo offsets B n _ 4 5 2 6 (fun i f => nth f gains 0 * x i f)
      (radicand d root2 eps x)); auto; try lia.
    intros i I. now apply radicand_natural.
  Qed.

  (* And with the mean subtracted before, the layer norm. *)
  Theorem layer_norm_computes n x :
    (forall i f, (i < n)%nat -> (f < d)%nat ->
      (nth f gains 0 * centred d x i f) * (nth f gains 0 * centred d x i f) < B) ->
    computes layer_norm_ops n d d x (layer_norm x).
  Proof.
    intro XB. apply sequence_computes with (d' := d) (Y := centred d x);
      [| apply rms_computes; exact XB].
    intros t [S0 H0]. cbn [length sems nth app].
    destruct (linear_sem n [t] d d centre [] 0 x H0) as [S H].
    split; [exact S |]. intros i o I O. rewrite H by auto. clear S H.
    unfold centre. rewrite (nth_indep _ [] (map (fun k => if (k =? 0)%nat
      then Z.of_nat d - 1 else -1) (seq 0 d))) by now rewrite map_length, seq_length.
    rewrite (map_nth (fun o => map (fun k => if (k =? o)%nat then Z.of_nat d - 1 else -1)
      (seq 0 d)) (seq 0 d) 0%nat o), seq_nth by auto. cbn [Nat.add].
    replace (nth o [] 0) with 0 by now destruct o. unfold centred.
    transitivity
      (bigsum d (fun k => (if (k =? o)%nat then Z.of_nat d * x i k else 0) + -1 * x i k)).
    - rewrite Z.add_0_l. apply bigsum_ext. intros k K.
      rewrite (nth_indep _ 0 ((fun k => if (k =? o)%nat then Z.of_nat d - 1 else -1) 0%nat))
        by now rewrite map_length, seq_length.
      rewrite (map_nth (fun k => if (k =? o)%nat then Z.of_nat d - 1 else -1)), seq_nth by auto.
      cbn [Nat.add]. destruct (k =? o)%nat; ring.
    - rewrite bigsum_add, bigsum_mul, (bigsum_pick d _ o), Nat.eqb_refl by
        (auto; intros; now rewrite (proj2 (Nat.eqb_neq _ _))). ring.
  Qed.
End Norm.
Print Assumptions rms_computes.
Print Assumptions layer_norm_computes.

(* ---- norms of an input of integers ---- *)

(* A sum of d terms of at most c on either side, one of which is 0. *)
Lemma bigsum_most d c h f : 0 <= c -> (f < d)%nat -> h f = 0 ->
  (forall k, (k < d)%nat -> - c <= h k <= c) ->
  - ((Z.of_nat d - 1) * c) <= bigsum d h <= (Z.of_nat d - 1) * c.
Proof.
  intros C F E H.
  assert (A : forall m, (m <= d)%nat -> - (Z.of_nat m * c) <= bigsum m h <= Z.of_nat m * c).
  { induction m; intro M; [unfold bigsum; simpl; lia |]. rewrite bigsum_S.
    specialize (IHm ltac:(lia)). specialize (H m ltac:(lia)). lia. }
  assert (G : forall m, (f < m <= d)%nat ->
    - ((Z.of_nat m - 1) * c) <= bigsum m h <= (Z.of_nat m - 1) * c).
  { induction m; intro M; [lia |]. rewrite bigsum_S.
    destruct (Nat.eq_dec f m) as [-> | N]; [specialize (A m ltac:(lia)); rewrite E; lia |].
    specialize (IHm ltac:(lia)). specialize (H m ltac:(lia)). lia. }
  apply G. lia.
Qed.

(* Features in a range are centred to no more than d - 1 times its length. *)
Lemma centred_range d x i f low high : (f < d)%nat ->
  (forall k, (k < d)%nat -> low <= x i k <= high) ->
  let c := (Z.of_nat d - 1) * (high - low) in - c <= centred d x i f <= c.
Proof.
  intros F R c. unfold centred.
  assert (E : Z.of_nat d * x i f - bigsum d (x i) = bigsum d (fun k => x i f + -1 * x i k)).
  { rewrite bigsum_add, bigsum_mul. enough (bigsum d (fun _ => x i f) = Z.of_nat d * x i f) by lia.
    clear. induction d; [reflexivity |]. rewrite bigsum_S. lia. }
  rewrite E. subst c. pose proof (R f F).
  apply (bigsum_most d (high - low) _ f); [lia | auto | lia |].
  intros k K. specialize (R k K). lia.
Qed.

(* The parameters as above, and inputs of p bits. *)
Section Certified.
  Variables (d p : nat) (root2 eps : Z) (gains offsets : list Z) (unit lo : Z) (levels : nat).
  Variable B : Z.

  (* The blocks. *)
  Definition rms_block : prog :=
    block_of d p (rms_ops d root2 eps gains offsets unit lo levels B).
  Definition layer_norm_block : prog :=
    block_of d p (layer_norm_ops d root2 eps gains offsets unit lo levels B).

  (* An input has a bit, and radicands are not negative. *)
  Hypothesis some_bits : (1 <= p)%nat.
  Hypothesis root2_natural : 0 <= root2.
  Hypothesis eps_natural : 0 <= eps.

  Local Notation decode := (decode d p).
  Local Notation rms_norm := (rms_norm d root2 eps gains offsets unit lo levels).
  Local Notation layer_norm := (layer_norm d root2 eps gains offsets unit lo levels).

  (* The operations compute the RMS norm of the input, if B is large enough. *)
  Theorem rms_of_input n x :
    squares_below B (2 ^ Z.of_nat (p - 1)) gains = true ->
    computes (rms_ops d root2 eps gains offsets unit lo levels B) n d d (decode x)
      (rms_norm (decode x)).
  Proof.
    intro S. apply rms_computes; auto. intros i f I F.
    eapply squares_below_ok; [exact S |]. unfold Definitions.decode.
    pose proof (twos_range p x ((i * d + f) * p) some_bits). lia.
  Qed.

  (* The same of a layer norm. *)
  Theorem layer_norm_of_input n x :
    squares_below B ((Z.of_nat d - 1) * (2 ^ Z.of_nat p - 1)) gains = true ->
    computes (layer_norm_ops d root2 eps gains offsets unit lo levels B) n d d (decode x)
      (layer_norm (decode x)).
  Proof.
    intro S. apply layer_norm_computes; auto. intros i f I F.
    eapply squares_below_ok; [exact S |].
    replace (2 ^ Z.of_nat p - 1) with (2 ^ Z.of_nat (p - 1) - 1 - - 2 ^ Z.of_nat (p - 1)).
    - apply centred_range; [exact F |]. intros k _. now apply twos_range.
    - replace (Z.of_nat p) with (Z.of_nat (p - 1) + 1) by lia.
      rewrite Z.pow_add_r by lia. lia.
  Qed.

  (* The block of an RMS norm is in TC0 and computes it, with the bounds that the analysis finds. *)
  Theorem rms_norm_certified lev count :
    squares_below B (2 ^ Z.of_nat (p - 1)) gains = true ->
    analyse rms_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile rms_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => rms_norm (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros S A. refine (block_certified _ d d p (fun _ => rms_norm) lev count _ A).
    intros n x _. now apply rms_of_input.
  Qed.

  (* The same of the block of a layer norm. *)
  Theorem layer_norm_certified lev count :
    squares_below B ((Z.of_nat d - 1) * (2 ^ Z.of_nat p - 1)) gains = true ->
    analyse layer_norm_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile layer_norm_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => layer_norm (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros S A. refine (block_certified _ d d p (fun _ => layer_norm) lev count _ A).
    intros n x _. now apply layer_norm_of_input.
  Qed.
End Certified.
Print Assumptions rms_norm_certified.
Print Assumptions layer_norm_certified.

(* Certifies a concrete program whose operations are those of the block of a norm. The goal is the
   conclusion of rms_norm_certified or layer_norm_certified, from `forall n` on, with the program in
   place of the block; the parameters are read off what is to be computed, and B off the program. *)
Ltac certify_norm :=
  lazymatch goal with
  | |- context [compile ?program _] =>
    let text := eval hnf in program in
    lazymatch text with
    | context [root_sign _ _ ?B _] =>
      lazymatch goal with
      | |- context [rms_norm ?d ?root2 ?eps ?gains ?offsets ?unit ?lo ?levels (decode _ ?p _)] =>
        certify_block (rms_block d p root2 eps gains offsets unit lo levels B)
          (rms_norm_certified d p root2 eps gains offsets unit lo levels B)
      | |- context [layer_norm ?d ?root2 ?eps ?gains ?offsets ?unit ?lo ?levels (decode _ ?p _)] =>
        certify_block (layer_norm_block d p root2 eps gains offsets unit lo levels B)
          (layer_norm_certified d p root2 eps gains offsets unit lo levels B)
      end
    end
  end.
