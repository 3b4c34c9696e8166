(* A perceptron of widths n, 2n, n, with any integer weights for each n, is in TC0 with depth 2. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* Inputs have p bits. Weights W n o k and biases B n o are given for each n; the thresholds of an
   activation may depend on n and the unit. *)
Section Perceptron.
  Variable p : nat.
  Variables (W1 W2 : nat -> nat -> nat -> Z) (B1 B2 : nat -> nat -> Z).
  Variables (base1 base2 : Z) (js1 js2 : list (coef * Z)).

  (* The polynomial 2n. *)
  Definition p2n : poly := [0; 2]%nat.

  (* The weights of the unit that is the first coordinate, over the second. *)
  Definition row (W : nat -> nat -> nat -> Z) : coef :=
    CF (fun n v => W n (nth 0 v 0%nat) (nth 1 v 0%nat)).

  (* The bias of the unit that is the first coordinate. *)
  Definition bias (B : nat -> nat -> Z) : coef := CF (fun n v => B n (nth 0 v 0%nat)).

  (* The program: a linear map and a staircase, twice. *)
  Definition perceptron : prog := mkProg [naturals [pn] p]
    [ OSum [p2n] [pn] (row W1) (bias B1) [IV 1] 0;
      OStep base1 js1 1;
      OSum [pn] [p2n] (row W2) (bias B2) [IV 1] 2;
      OStep base2 js2 3 ] [4%nat].

  (* The perceptron of Definitions.v for size n: its input, its hidden units and its outputs. *)
  Local Notation decode := (decode_vector p).
  Local Notation hidden n :=
    (hidden n (W1 n) (B1 n) base1 (fun o => jumpsat js1 n [o])).
  Local Notation output n :=
    (perceive n (2 * n) (W1 n) (W2 n) (B1 n) (B2 n) base1 base2
      (fun o => jumpsat js1 n [o]) (fun o => jumpsat js2 n [o])).

  (* The length of an axis of length n. *)
  Lemma dim1 n : dims n [pn] = [n].
  Proof. unfold dims; simpl. f_equal. lia. Qed.

  (* The length of an axis of length 2n. *)
  Lemma dim2 n : dims n [p2n] = [(2 * n)%nat].
  Proof. unfold dims; simpl. f_equal. lia. Qed.

  (* The program means the perceptron. *)
  Theorem perceptron_meaning n x : meaning perceptron n x = map (output n (decode x)) (seq 0 n).
  Proof.
    unfold meaning. cbn [p_outs p_ops p_ins perceptron flat_map sems0]. rewrite app_nil_r.
    set (t0 := sem0 _ n _ x).
    assert (H0 : forall k, (k < n)%nat -> snd t0 [k] = decode x k).
    { intros k K. subst t0. unfold sem0, wire.
      cbn [naturals in_shape in_base in_bits in_place snd].
      rewrite dim1, table_eq, inb1, Z.add_0_l by auto. reflexivity. }
    clearbody t0.
    next t1.
    assert (H1 : fst t1 = [(2 * n)%nat] /\ forall o, (o < 2 * n)%nat ->
      snd t1 [o] = B1 n o + bigsum n (fun k => W1 n o k * decode x k)).
    { subst t1. unfold sem1. rewrite dim1, dim2.
      split; auto. intros o O. cbn [snd].
      rewrite table_eq, inb1, zsum_box1 by auto. f_equal.
      apply bigsum_ext. intros k K. cbn. now rewrite H0. }
    clearbody t1. destruct H1 as [S1 H1].
    next t2.
    assert (H2 : forall o, (o < 2 * n)%nat -> snd t2 [o] = hidden n (decode x) o).
    { subst t2. unfold sem1. intros o O. cbn [nth snd].
      now rewrite S1, table_eq, inb1, H1. }
    clearbody t2.
    next t3.
    assert (H3 : fst t3 = [n] /\ forall o, (o < n)%nat ->
      snd t3 [o] = B2 n o + bigsum (2 * n) (fun k => W2 n o k * hidden n (decode x) k)).
    { subst t3. unfold sem1. rewrite dim1, dim2.
      split; auto. intros o O. cbn [snd].
      rewrite table_eq, inb1, zsum_box1 by auto. f_equal.
      apply bigsum_ext. intros k K.
      cbn [nth snd imap map ieval app cval row]. now rewrite H2. }
    clearbody t3. destruct H3 as [S3 H3].
    unfold elements. cbn [sems sem1 nth fst snd app]. rewrite S3, box1, map_map.
    apply map_ext_in. intros o O. apply in_seq in O.
    rewrite table_eq, inb1, H3 by lia. reflexivity.
  Qed.

  (* The program is in TC0 and computes the perceptron: depth 2, and as many gates as all
     staircases have jumps. *)
  Theorem perceptron_TC0 : forall n, (1 <= n)%nat ->
    let c := compile perceptron n in
    wf c /\ (depth c <= 2)%nat /\ (size c <= (2 * length js1 + length js2) * n)%nat /\
    forall x, eval c x = map (output n (decode x)) (seq 0 n).
  Proof.
    intros n Hn. evar (count : npoly).
    assert (A : analyse perceptron = Some (count, 2%nat)).
    { subst count. lazy -[N.add N.mul N.of_nat]. reflexivity. }
    destruct (compile_ok _ _ _ A n Hn) as (W & L & S & V). intro c.
    split; [exact W | split; [exact L | split]].
    - eapply Nat.le_trans; [exact S |]. subst count. clear.
      unfold cev. cbn [neval].
      change (fix length (l : list (coef * Z)) : nat := match l with [] => 0%nat | _ :: l' =>
        S (length l') end) with (@length (coef * Z)).
      apply Nat.eq_le_incl, Nat2N.inj.
      rewrite N2Nat.id, ?Nat2N.inj_mul, ?Nat2N.inj_add, ?Nat2N.inj_mul.
      change (N.of_nat 0) with 0%N. change (N.of_nat 1) with 1%N.
      change (N.of_nat 2) with 2%N. ring.
    - intro x. rewrite <- perceptron_meaning. apply V.
  Qed.
End Perceptron.
Print Assumptions perceptron_meaning.
Print Assumptions perceptron_TC0.
