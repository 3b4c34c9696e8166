(* The attention block with heads: its program, which computes attention as Definitions.v has it,
   and the certificate for all its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* The parameters: d features in H heads of e features each; an input of p bits; the projections;
   the exponential as a staircase; outputs lo .. lo + levels, in units. *)
Section Heads.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).

  (* The block. In comments i and j are positions, h is a head, k one of its features. *)
  Definition block : prog := mkProg [pn; [d]] p true
    [ (* 1, 2: queries, and by heads: ihk *)
      linear [pn; [d]] [d] 1 WQ [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 1;
      (* 3, 4: keys, and by heads: jhk *)
      linear [pn; [d]] [d] 1 WK [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 3;
      (* 5, 6: values, and by heads: jhk *)
      linear [pn; [d]] [d] 1 WV [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 5;
      (* 7, 8: keys again, and scores: hij *)
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 4;
      OCon [[H]; pn; pn] [[e]] [IV 1; IV 0; IV 3] [IV 2; IV 0; IV 3] 2 7;
      (* 9: values again *)
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 6;
      (* 10, 11: weights: hij, and weighted sums of values: ihk *)
      step base jumps 8;
      OCon [pn; [H]; [e]] [pn] [IV 1; IV 0; IV 3] [IV 3; IV 1; IV 2] 10 9;
      (* 12, 13: sums of weights, and in units: hi *)
      reduce [[H]; pn] pn 2 10;
      affine [[H]; pn] unit 0 12;
      (* 14, 15: the same as ih, and for every feature: ihk *)
      gather [pn; [H]] [IV 1; IV 0] 13;
      gather [pn; [H]; [e]] [IV 0; IV 1] 14;
      (* 16 to 19: the quotient, rounded half up: ihk *)
      affine [pn; [H]; [e]] 2 0 11;
      OAdd 16 15;
      affine [pn; [H]] 2 0 14;
      OQuo lo levels [IV 0; IV 1] 17 18;
      (* 20: heads side by side *)
      gather [pn; [d]] [IV 0; IDiv (IV 1) e; IMod (IV 1) e] 19 ] 20.

  (* The features are those of all heads, and a head has some. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.

  (* Every weight is at least 1, and so is the unit: no denominator is 0. *)
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation decode := (decode d p).
  Local Notation project := (project d).
  Local Notation score := (score d e WQ WK).
  Local Notation weight := (weight d e WQ WK base jumps).
  Local Notation attend := (attend d e WQ WK WV base jumps unit lo levels).

  (* The polynomial n is n. *)
  Lemma dN n : peval pn n = n.
  Proof. simpl. lia. Qed.

  (* A constant is itself. *)
  Lemma dc k n : peval [k] n = k.
  Proof. simpl. lia. Qed.

  (* Shapes are evaluated; an index is seen to be in range; an operation that gathers or scales
     has an element. *)
  Ltac dim := unfold dims; cbn [map]; rewrite ?dN, ?dc.
  Ltac bound := dim; first [apply inb3 | apply inb2 | apply inb1]; auto; nia.
  Ltac one :=
    rewrite one_sem by bound; cbn [nth imap map ieval]; rewrite ?Z.mul_1_l, ?Z.add_0_l.

  (* The block means attention. Every value is what its comment in the block says. *)
  Theorem block_meaning n x :
    meaning block n x = flat_map (fun i => map (fun f => attend n (decode x) i f) (seq 0 d))
      (seq 0 n).
  Proof.
    unfold meaning. cbn [p_out p_ops block].
    unfold linear, gather, affine, reduce, ints, step.
    cbn [seq map length app Nat.sub]. set (t0 := sem0 block n x).
    assert (H0 : forall i k, (i < n)%nat -> (k < d)%nat -> snd t0 [i; k] = decode x i k).
    { intros i k I K. subst t0. unfold sem0, wire.
      cbn [p_in block p_bits snd]. dim. rewrite table_eq, inb2 by auto.
      unfold decode, twos, place. cbn [ravel p_signed p_bits block].
      rewrite Nat.add_0_l. reflexivity. }
    clearbody t0.
    assert (P : forall W r, forall i k, (i < n)%nat -> (k < d)%nat ->
      snd (sem1 n (t0 :: r) (OSum [pn; [d]] [[d]]
        (CF (fun _ v => nth (nth 2 v 0%nat) (nth (nth 1 v 0%nat) W []) 0)) (CK 0)
        [IV 0; IV 2] 0)) [i; k] = project (decode x) W i k).
    { intros W r i k I K. rewrite sum_sem by bound. dim.
      rewrite zsum_box1. cbn [cval]. unfold project.
      rewrite Z.add_0_l. apply bigsum_ext. intros q Q. cbn.
      now rewrite H0. }
    assert (B : forall h k, (h < H)%nat -> (k < e)%nat -> (e * h + k < d)%nat) by (intros; nia).
    next t1.
    assert (H1 := P WQ [] : forall i k, _ -> _ -> snd t1 [i; k] = _).
    clearbody t1.
    next t2.
    assert (H2 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t2 [i; h; k] = project (decode x) WQ i (e * h + k)).
    { subst t2. intros. one. auto. }
    clearbody t2.
    next t3.
    assert (H3 := P WK [t1; t2] : forall i k, _ -> _ -> snd t3 [i; k] = _).
    clearbody t3.
    next t4.
    assert (H4 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t4 [i; h; k] = project (decode x) WK i (e * h + k)).
    { subst t4. intros. one. auto. }
    clearbody t4.
    next t5.
    assert (H5 := P WV [t1; t2; t3; t4] : forall i k, _ -> _ -> snd t5 [i; k] = _).
    clearbody t5. clear P.
    next t6.
    assert (H6 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t6 [i; h; k] = project (decode x) WV i (e * h + k)).
    { subst t6. intros. one. auto. }
    clearbody t6.
    next t7.
    assert (H7 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t7 [i; h; k] = project (decode x) WK i (e * h + k)).
    { subst t7. intros. one. auto. }
    clearbody t7.
    next t8.
    assert (H8 : fst t8 = [H; n; n] /\ forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t8 [h; i; j] = score (decode x) h i j).
    { subst t8. unfold sem1. dim. split; auto.
      intros h i j Hh I J. cbn [snd].
      rewrite table_eq, inb3, zsum_box1 by auto. apply bigsum_ext.
      intros k K. cbn [nth imap map ieval app]. now rewrite H2, H7. }
    clearbody t8. destruct H8 as [S8 H8].
    next t9.
    assert (H9 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t9 [i; h; k] = project (decode x) WV i (e * h + k)).
    { subst t9. intros. one. auto. }
    clearbody t9.
    next t10.
    assert (H10 : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t10 [h; i; j] = weight (decode x) h i j).
    { subst t10. unfold sem1. intros h i j Hh I J.
      cbn [nth snd]. rewrite S8, table_eq, inb3, H8 by auto.
      unfold jumpsat. rewrite map_map. unfold weight.
      f_equal. rewrite <- (map_id jumps) at 2. apply map_ext.
      now intros []. }
    clearbody t10.
    next t11.
    assert (H11 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t11 [i; h; k] =
      bigsum n (fun j => weight (decode x) h i j * project (decode x) WV j (e * h + k))).
    { subst t11. unfold sem1. dim. intros i h k I Hh K.
      cbn [snd]. rewrite table_eq, inb3, zsum_box1 by auto.
      apply bigsum_ext. intros j J. cbn [nth imap map ieval app].
      now rewrite H10, H9. }
    clearbody t11.
    next t12.
    assert (H12 : forall h i, (h < H)%nat -> (i < n)%nat ->
      snd t12 [h; i] = bigsum n (fun j => weight (decode x) h i j)).
    { subst t12. intros h i Hh I. rewrite sum_sem by bound.
      dim. rewrite zsum_box1. cbn [cval]. rewrite Z.add_0_l.
      apply bigsum_ext. intros j J. cbn [nth imap map ieval app].
      rewrite H10 by auto. apply Z.mul_1_l. }
    clearbody t12.
    next t13.
    assert (H13 : forall h i, (h < H)%nat -> (i < n)%nat -> snd t13 [h; i] = unit * snd t12 [h; i]).
    { subst t13. intros. one. reflexivity. }
    clearbody t13.
    next t14.
    assert (H14 : forall i h, (i < n)%nat -> (h < H)%nat -> snd t14 [i; h] = snd t13 [h; i]).
    { subst t14. intros. one. reflexivity. }
    clearbody t14.
    next t15.
    assert (H15 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t15 [i; h; k] = snd t14 [i; h]).
    { subst t15. intros. one. reflexivity. }
    clearbody t15.
    next t16.
    assert (H16 : fst t16 = [n; H; e] /\ forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t16 [i; h; k] = 2 * snd t11 [i; h; k]).
    { subst t16. split; [cbn [sem1 fst]; now dim |]. intros.
      one. reflexivity. }
    clearbody t16. destruct H16 as [S16 H16].
    next t17.
    assert (H17 : fst t17 = [n; H; e] /\ forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t17 [i; h; k] = snd t16 [i; h; k] + snd t15 [i; h; k]).
    { subst t17. unfold sem1. cbn [nth fst snd].
      rewrite S16. split; auto. intros.
      now rewrite table_eq, inb3. }
    clearbody t17. destruct H17 as [S17 H17].
    next t18.
    assert (H18 : forall i h, (i < n)%nat -> (h < H)%nat -> snd t18 [i; h] = 2 * snd t14 [i; h]).
    { subst t18. intros. one. reflexivity. }
    clearbody t18.
    next t19.
    assert (H19 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t19 [i; h; k] = quotient lo levels (snd t17 [i; h; k]) (snd t18 [i; h])).
    { subst t19. unfold sem1. intros.
      cbn [nth fst snd imap map ieval]. rewrite S17.
      now rewrite table_eq, inb3. }
    clearbody t19.
    next t20.
    assert (H20 : fst t20 = [n; d] /\ forall i f, (i < n)%nat -> (f < d)%nat ->
      snd t20 [i; f] = snd t19 [i; (f / e)%nat; (f mod e)%nat]).
    { subst t20. split; [cbn [sem1 fst]; now dim |]. intros.
      one. reflexivity. }
    clearbody t20. destruct H20 as [S20 H20]. cbn [sems nth].
    rewrite S20, box2, flat_map_concat_map, concat_map, map_map, flat_map_concat_map.
    f_equal. apply map_ext_in. intros i I.
    apply in_seq in I. rewrite map_map. apply map_ext_in.
    intros f F. apply in_seq in F.
    assert (Fe : (f / e < H)%nat) by (apply Nat.div_lt_upper_bound;
      [lia | rewrite Nat.mul_comm, <- heads; apply F]).
    assert (Fm : (f mod e < e)%nat) by (apply Nat.mod_upper_bound; lia).
    rewrite H20, H19, H17, H16, H15, H11, H18, H14, H13, H12 by lia.
    rewrite <- (Nat.div_mod f e) by lia. apply quotient_pos.
    enough (1 <= bigsum n (fun j => weight (decode x) (f / e) i j))
      by (apply Z.mul_pos_pos; [lia | apply Z.mul_pos_pos; lia]).
    apply bigsum_ge; [lia | lia |]. intro j.
    etransitivity; [exact positive | apply stair_lowest].
  Qed.

  (* The block is in TC0 and computes attention, with the bounds that the analysis finds. *)
  Theorem attention_certified lev count : analyse block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => attend n (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intros A n Hn c. destruct (certified_ok block lev count A n Hn) as (W & D & S & V).
    split; [exact W | split; [exact D | split; [exact S |]]].
    intro x. rewrite <- block_meaning. apply V.
  Qed.
End Heads.
Print Assumptions block_meaning.
Print Assumptions attention_certified.

(* Certifies a concrete program whose operations are those of the block. The goal is the conclusion
   of attention_certified, from `forall n` on, with the program in place of the block; the
   parameters are read off what is to be computed. *)
Ltac certify_attention :=
  lazymatch goal with
  | |- context [compile ?program _] =>
    lazymatch goal with
    | |- context [attend ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _ (decode _ ?p _)] =>
      let H := eval vm_compute in (d / e)%nat in
      let same := constr:(program = block d H e p WQ WK WV base jumps unit lo levels) in
      tryif assert_succeeds (assert same by reflexivity)
      then
        apply (attention_certified d H e p WQ WK WV base jumps unit lo levels);
        [ reflexivity | lia | vm_compute; discriminate | lia | vm_compute; reflexivity ]
      else fail "the program is not the block with the parameters of what is to be computed"
    end
  end.
