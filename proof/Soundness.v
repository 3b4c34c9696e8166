(* All that is proved of the lowering and the analysis: for every n the circuit of a program is
   well formed, keeps to the bounds of the analysis, and computes what the program means. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis Lowering.
Import ListNotations.
Open Scope Z_scope.

(* ---- the invariant ---- *)

(* What is known (s), what is lowered (v) and what is meant (t) by a value agree: shapes, integers
   on the input x, and all that is known of the literals, which are inputs or gates of G. *)
Record Inv (n : nat) (x : nat -> bool) (ni : nat) (G : list tree)
    (s : st) (v : val) (t : tensor) : Prop := mkInv {
  i_sh : v_sh v = dims n (s_sh s);
  i_tsh : fst t = v_sh v;
  i_val : forall i, seval x (v_low v i) = snd t i;
  i_sup : forall i l, In l (lits (v_low v i)) -> In l (v_sup v (nrm (s_mask s) i));
  i_good : forall i l, In l (v_sup v i) -> good ni G (snd l) /\ levok (s_lev s) (s_abs s) l;
  i_nt : forall i, (length (v_sup v i) <= cev (s_nt s) n)%nat }.

(* Values that are not there agree. *)
Lemma inv_none n x ni G : Inv n x ni G snone vnone tnone.
Proof. constructor; simpl; auto; try easy. Qed.

(* The invariant holds still if gates are added. *)
Lemma inv_mono n x ni G H s v t :
  Inv n x ni G s v t -> (forall g, In g G -> In g H) -> Inv n x ni H s v t.
Proof.
  intros [] M. constructor; auto. intros i l L.
  destruct (i_good0 i l L). split; auto. eapply good_mono; eauto.
Qed.

(* ---- masks, levels and gates ---- *)

(* If all axes matter, masking does nothing. *)
Lemma nrm_true i m : (forall k, m k = true) -> nrm m i = i.
Proof.
  intro H. unfold nrm. generalize 0%nat.
  induction i; intro k; simpl; auto. now rewrite H, IHi.
Qed.

(* Masking twice is masking with the smaller mask. *)
Lemma nrm_nrm m r i : (forall k, m k = true -> r k = true) -> nrm m (nrm r i) = nrm m i.
Proof.
  intro H. unfold nrm. generalize 0%nat.
  induction i; intro k; simpl; auto. rewrite IHi. f_equal.
  specialize (H k). destruct (m k); auto. now rewrite H.
Qed.

(* A literal from below a level may stand on it. *)
Lemma levok_weak L M ab l : (tlev (snd l) <= L)%nat -> (L < M)%nat -> levok M ab l.
Proof. intros. split; [lia | right; lia]. Qed.

(* A comparison fits after the literals of its sum, is open, and one level above them. *)
Lemma thr_fits ni G (L : nat) a b :
  (forall l, In l (lits a) -> good ni G (snd l) /\ (tlev (snd l) <= L)%nat) ->
  fits ni G (snd (thr a b)) /\ isopen (thr a b) /\ (tlev (snd (thr a b)) <= S L)%nat.
Proof.
  intro Q. split; [split; [exact I |] | split].
  - intros c C. unfold thr in C; simpl in C. apply in_map_iff in C.
    destruct C as (y & <- & Y). apply Q. unfold lits.
    now apply in_map.
  - left. unfold thr. eauto.
  - simpl. apply le_n_S. apply list_max_le, Forall_map, Forall_forall.
    intros y Y. apply Q. unfold lits. now apply in_map.
Qed.

(* A gate of the list may be read. *)
Lemma good_gate ni G t : isgate t -> In t G -> good ni G t.
Proof. destruct t; simpl; auto; easy. Qed.

(* Values of weighted gates: the gates are as many and on the levels that are claimed, and the
   value agrees. *)
Lemma vthr_ok n x ni G s ds base ts t L J :
  ds = dims n (s_sh s) -> s_lev s = L -> s_nt s = nc J -> s_mask s = (fun _ => true) ->
  (forall i w, inb ds i = true -> In w (ts i) -> fits ni G (snd (snd w)) /\ isopen (snd w) /\
    (tlev (snd (snd w)) <= L)%nat) ->
  (forall i, length (ts i) <= J)%nat ->
  fst t = ds ->
  (forall i, snd t i = if inb ds i then base + wsum (leval x) (ts i) else 0) ->
  (forall g, In g (gthr ds ts) -> fits ni G g) /\
  (length (gthr ds ts) <= prod ds * J)%nat /\
  (forall g, In g (gthr ds ts) -> (tlev g <= s_lev s)%nat) /\
  Inv n x ni (G ++ gthr ds ts) s (vthr ds base ts) t.
Proof.
  intros D HL HN HM T TJ TD TV.
  assert (K : forall g, In g (gthr ds ts) -> fits ni G g /\ (tlev g <= L)%nat).
  { intros g H. unfold gthr in H. apply in_flat_map in H.
    destruct H as (i & Hi & H). apply in_map_iff in H.
    destruct H as (w & <- & W). apply in_box in Hi.
    destruct (T i w Hi W) as (F & _ & Q). auto. }
  split; [intros g H; now apply K |].
  split; [| split; [intros g H; rewrite HL; now apply K |]].
  - unfold gthr. rewrite <- (length_box ds). apply length_flat_map.
    intros i _. rewrite map_length. auto.
  - constructor.
    + auto.
    + auto.
    + intro i. simpl. rewrite TV, table_eq.
      destruct (inb ds i); reflexivity.
    + intros i l. simpl. rewrite HM, (nrm_true i), !table_eq by auto.
      destruct (inb ds i); auto.
    + intros i l H. simpl in H. rewrite table_eq in H.
      destruct (inb ds i) eqn:E; [| easy]. apply in_map_iff in H.
      destruct H as (w & <- & W).
      assert (Gin : In (snd (snd w)) (gthr ds ts)).
      { unfold gthr. apply in_flat_map. exists i.
        split; [now apply in_box | now apply (in_map (fun w => snd (snd w)))]. }
      destruct (T i w E W) as ([Ig _] & O & Q).
      split; [| split; [rewrite HL; auto | auto]].
      apply good_gate; [exact Ig | apply in_or_app; now right].
    + intro i. simpl. rewrite HN, cev_c, table_eq.
      destruct (inb ds i); simpl; [rewrite map_length; auto | lia].
Qed.

(* In a list in order, what a gate reads may be read. *)
Lemma topo_kids ni G g c : topo ni G -> In g G -> In c (kids g) -> good ni G c.
Proof.
  intros T H C. apply in_split in H. destruct H as (pre & post & E).
  destruct (T _ _ _ E) as [_ K]. apply good_mono with (1 := K c C).
  subst G. intros. apply in_or_app. auto.
Qed.

(* The same of what a literal reads. *)
Lemma topo_kids_lit ni G (l : lit) c :
  topo ni G -> good ni G (snd l) -> In c (kids (snd l)) -> good ni G c.
Proof.
  intros T H C. destruct l as [b t].
  destruct t; simpl snd in *; try easy; eapply topo_kids; eauto.
Qed.

(* ---- one operation ---- *)

(* Each operation keeps the invariant, adds gates in order, and no more than are counted. *)
Section Step.
  Variables (n : nat) (x : nat -> bool) (ni : nat) (G : list tree).
  Hypothesis N : (1 <= n)%nat.
  Hypothesis T : topo ni G.

  (* What is to be shown of an operation that adds the gates gs. *)
  Definition step_ok (s : st) (v : val) (t : tensor) (gs : list tree) (count : npoly) : Prop :=
    topo ni (G ++ gs) /\ (length gs <= cev count n)%nat /\
    (forall g, In g gs -> (tlev g <= s_lev s)%nat) /\ Inv n x ni (G ++ gs) s v t.

  (* Gates that all fit are in order. *)
  Lemma fits_step gs (P : Prop) : (forall g, In g gs -> fits ni G g) /\ P -> topo ni (G ++ gs) /\ P.
  Proof. intros [F H]. split; auto. now apply topo_app. Qed.

  (* Weighted sums keep the invariant. *)
  Lemma osum_ok senv env tenv osh ssh w c f a :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    let o := OSum osh ssh w c f a in
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA o. subst o. unfold step_ok. simpl.
    rewrite app_nil_r. set (s := nth a senv snone) in *.
    set (v := nth a env vnone) in *. set (t := nth a tenv tnone) in *.
    split; [exact T |]. split; [auto |]. split; [easy |].
    constructor; simpl; auto.
    - intro i. rewrite !table_eq. destruct (inb (dims n osh) i); auto.
      rewrite seval_add, seval_sum, map_map.
      f_equal; [unfold seval; simpl; lia |]. f_equal. apply map_ext.
      intro e. rewrite seval_scale. f_equal. apply IA.
    - intros i l. rewrite table_eq.
      destruct (inb (dims n osh) i); [| easy].
      rewrite lits_add, lits_sum. simpl.
      rewrite flat_map_concat_map, map_map, <- flat_map_concat_map.
      rewrite !in_flat_map. intros (e & E & H). exists e.
      split; auto. rewrite lits_scale in H. apply IA in H.
      unfold supf. rewrite rel_nrm_app; auto.
    - intros i l H. apply in_flat_map in H. destruct H as (e & _ & H).
      exact (i_good _ _ _ _ _ _ _ IA _ _ H).
    - intro i. rewrite cev_mul, cev_prod. fold (dims n ssh).
      rewrite <- length_box. apply length_flat_map. intros e _.
      apply IA.
  Qed.

  (* Addition keeps the invariant. *)
  Lemma oadd_ok senv env tenv a b :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    Inv n x ni G (nth b senv snone) (nth b env vnone) (nth b tenv tnone) ->
    let o := OAdd a b in
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA IB o. subst o. unfold step_ok. simpl.
    rewrite app_nil_r. set (s := nth a senv snone) in *.
    set (v := nth a env vnone) in *. set (t := nth a tenv tnone) in *.
    set (s' := nth b senv snone) in *. set (v' := nth b env vnone) in *.
    set (t' := nth b tenv tnone) in *.
    assert (TS : fst t = v_sh v) by apply IA.
    assert (GL : forall i l, In l (v_sup v (nrm (s_mask s) i) ++ v_sup v' (nrm (s_mask s') i)) ->
      good ni G (snd l) /\
      levok (Nat.max (s_lev s) (s_lev s'))
        ((s_abs s || (s_lev s <? Nat.max (s_lev s) (s_lev s'))%nat) &&
          (s_abs s' || (s_lev s' <? Nat.max (s_lev s) (s_lev s'))%nat)) l).
    { intros i l H. apply in_app_iff in H. destruct H as [H | H].
      - apply IA in H. destruct H as [H [L A]]. split; auto.
        split; [lia |].
        rewrite !andb_true_iff, !orb_true_iff, !Nat.ltb_lt.
        intros [[Q | Q] _]; [| right; lia].
        destruct (A Q); [auto | right; lia].
      - apply IB in H. destruct H as [H [L A]]. split; auto.
        split; [lia |].
        rewrite !andb_true_iff, !orb_true_iff, !Nat.ltb_lt.
        intros [_ [Q | Q]]; [| right; lia].
        destruct (A Q); [auto | right; lia]. }
    split; [exact T |]. split; [auto |]. split; [easy |].
    constructor; simpl.
    - apply IA.
    - auto.
    - intro i. rewrite TS, !table_eq. destruct (inb (v_sh v) i); auto.
      rewrite seval_add. f_equal; [apply IA | apply IB].
    - intros i l. rewrite table_eq. destruct (inb (v_sh v) i); [| easy].
      rewrite lits_add, !in_app_iff. intros [H | H].
      + apply IA in H. left. rewrite nrm_nrm; auto.
        intros k K. now rewrite K.
      + apply IB in H. right. rewrite nrm_nrm; auto.
        intros k K. rewrite K. apply orb_true_r.
    - exact GL.
    - intro i. rewrite app_length, cev_add.
      apply Nat.add_le_mono; [apply IA | apply IB].
  Qed.

  (* Staircases keep the invariant. *)
  Lemma ostep_ok senv env tenv base js a :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    let o := OStep base js a in
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA o. subst o. unfold step_ok. simpl.
    set (s := nth a senv snone) in *. set (v := nth a env vnone) in *.
    set (t := nth a tenv tnone) in *.
    assert (TS : fst t = v_sh v) by apply IA.
    rewrite cev_mul, cev_prod, cev_c. fold (dims n (s_sh s)).
    rewrite <- (i_sh _ _ _ _ _ _ _ IA).
    match goal with |- context [Inv _ _ _ _ ?S _ _] => apply fits_step, vthr_ok
      with (s := S) (L := Datatypes.S (s_lev s)) (J := length js) end; simpl; auto.
    - apply IA.
    - intros i w _ W. unfold steps in W. apply in_map_iff in W.
      destruct W as (j & <- & _). apply thr_fits. intros l Hl.
      apply IA in Hl. apply IA in Hl. destruct Hl as [? [? _]].
      auto.
    - intro i. unfold steps, jumpsat. now rewrite !map_length.
    - intro i. rewrite TS, table_eq. destruct (inb (v_sh v) i); auto.
      unfold stair, steps. f_equal. rewrite wsum_map.
      f_equal. apply map_ext. intro j. simpl.
      rewrite leval_thr. now rewrite (i_val _ _ _ _ _ _ _ IA).
  Qed.

  (* Clipped quotients keep the invariant. *)
  Lemma oquo_ok senv env tenv lo m fd a b :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    Inv n x ni G (nth b senv snone) (nth b env vnone) (nth b tenv tnone) ->
    let o := OQuo lo m fd a b in
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA IB o. subst o. unfold step_ok. simpl.
    set (s := nth a senv snone) in *. set (v := nth a env vnone) in *.
    set (t := nth a tenv tnone) in *. set (s' := nth b senv snone) in *.
    set (v' := nth b env vnone) in *. set (t' := nth b tenv tnone) in *.
    assert (TS : fst t = v_sh v) by apply IA.
    rewrite cev_mul, cev_prod, cev_c. fold (dims n (s_sh s)).
    rewrite <- (i_sh _ _ _ _ _ _ _ IA).
    match goal with |- context [Inv _ _ _ _ ?S _ _] => apply fits_step, vthr_ok
      with (s := S) (L := Datatypes.S (Nat.max (s_lev s) (s_lev s'))) (J := m) end; simpl; auto.
    - apply IA.
    - intros i w _ W. unfold quots in W. apply in_map_iff in W.
      destruct W as (k & <- & _). apply thr_fits. intros l Hl.
      rewrite lits_add, in_app_iff, lits_scale in Hl.
      destruct Hl as [Hl | Hl].
      + apply IA in Hl. apply IA in Hl. destruct Hl as [? [? _]].
        split; [auto | lia].
      + apply IB in Hl. apply IB in Hl. destruct Hl as [? [? _]].
        split; [auto | lia].
    - intro i. unfold quots. now rewrite map_length, seq_length.
    - intro i. rewrite TS, table_eq.
      destruct (inb (v_sh v) i) eqn:Hi; auto. unfold quots.
      rewrite wsum_map. simpl.
      transitivity
        (lo + zsum (map (fun k => Z.b2z ((lo + 1 + Z.of_nat k) * snd t' (imap fd i) <=? snd t i))
        (seq 0 m))).
      + unfold quotient.
        destruct (Z.ltb_spec 0 (snd t' (imap fd i))) as [D | D]; auto.
        rewrite <- count_levels. do 2 f_equal. apply map_ext.
        intro k. rewrite <- quotient_level by auto. f_equal.
        apply eq_true_iff_eq. rewrite !Z.leb_le. lia.
      + do 2 f_equal. apply map_ext. intro k.
        rewrite leval_thr, seval_add, seval_scale, (i_val _ _ _ _ _ _ _ IA),
          (i_val _ _ _ _ _ _ _ IB).
        fold t t'.
        replace (0 <=? snd t i + _) with ((lo + 1 + Z.of_nat k) * snd t' (imap fd i) <=? snd t i)
          by (apply eq_true_iff_eq; rewrite !Z.leb_le; lia).
        destruct (_ <=? _); reflexivity.
  Qed.

  (* A conjunction is on the level of a product. *)
  Lemma lev_conj s t l r : levok (s_lev s) (s_abs s) l -> levok (s_lev t) (s_abs t) r ->
    (tlev (snd (conj (cmode s t) l r)) <= clev s t)%nat.
  Proof.
    unfold clev, cmode. intros [L A] [R B].
    destruct ((s_lev t <? s_lev s)%nat && s_abs s) eqn:C.
    - rewrite andb_true_iff, Nat.ltb_lt in C. destruct C as [C D].
      rewrite D in *. apply lev_take with (M := s_lev t); auto.
      split; auto.
    - destruct ((s_lev s <? s_lev t)%nat && s_abs t) eqn:E.
      + rewrite andb_true_iff, Nat.ltb_lt in E. destruct E as [E D].
        rewrite D in *. apply lev_take with (M := s_lev s); auto.
        split; auto.
      + apply lev_and; lia.
  Qed.

  (* Literals of the left factor may stand on the level of the product. *)
  Lemma lev_left s t l : levok (s_lev s) (s_abs s) l -> levok (clev s t) true l.
  Proof.
    unfold clev, cmode. intros [L A].
    destruct ((s_lev t <? s_lev s)%nat && s_abs s) eqn:C.
    - rewrite andb_true_iff in C. destruct C as [_ C]. rewrite C in *.
      split; auto.
    - destruct ((s_lev s <? s_lev t)%nat && s_abs t) eqn:E;
        [rewrite andb_true_iff, Nat.ltb_lt in E |]; split; try lia; intros _; right; lia.
  Qed.

  (* So may literals of the right one. *)
  Lemma lev_right s t l : levok (s_lev t) (s_abs t) l -> levok (clev s t) true l.
  Proof.
    unfold clev, cmode. intros [L A].
    destruct ((s_lev t <? s_lev s)%nat && s_abs s) eqn:C.
    - rewrite andb_true_iff, Nat.ltb_lt in C.
      split; try lia; intros _; right; lia.
    - destruct ((s_lev s <? s_lev t)%nat && s_abs t) eqn:E;
        [rewrite andb_true_iff in E; destruct E as [_ E]; rewrite E in *; split; auto |].
      split; try lia; intros _; right; lia.
  Qed.

  (* Conjunctions are open. *)
  Lemma isopen_conj m l r : isopen (conj m l r).
  Proof.
    unfold isopen.
    destruct m; simpl; [right; eauto | |]; unfold take, absorb;
      [destruct l as [[|] [| | | ? ?]] | destruct r as [[|] [| | | ? ?]]]; eauto.
  Qed.

  (* Sums of products keep the invariant. *)
  Lemma ocon_ok senv env tenv osh ssh fa fb a b :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    Inv n x ni G (nth b senv snone) (nth b env vnone) (nth b tenv tnone) ->
    let o := OCon osh ssh fa fb a b in
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA IB o. subst o. unfold step_ok. simpl.
    set (s := nth a senv snone) in *. set (v := nth a env vnone) in *.
    set (t := nth a tenv tnone) in *. set (s' := nth b senv snone) in *.
    set (v' := nth b env vnone) in *. set (t' := nth b tenv tnone) in *.
    set (r := rel2 s s' fa fb). set (gs := flat_map _ _).
    assert (RA : forall j, rel (s_mask s) fa j = true -> r j = true)
      by (intros j J; unfold r, rel2; now rewrite J).
    assert (RB : forall j, rel (s_mask s') fb j = true -> r j = true)
      by (intros j J; unfold r, rel2; rewrite J; apply orb_true_r).
    assert (K : forall i l, In l (conjs s s' v v' fa fb i) -> fits ni G (snd l) /\
      (tlev (snd l) <= clev s s')%nat).
    { intros i l H. apply in_pairs in H.
      destruct H as (p & q & P & Q & ->). apply IA in P. apply IB in Q.
      destruct P as [P PL], Q as [Q QL].
      split; [split; [apply isgate_conj |] | apply lev_conj; auto].
      intros c C. apply kids_conj in C.
      destruct C as [-> | [-> | [C | C]]]; auto; [now apply (topo_kids_lit ni G p)
        | now apply (topo_kids_lit ni G q)]. }
    assert (KG : forall g, In g gs -> fits ni G g /\ (tlev g <= clev s s')%nat).
    { intros g H. apply in_flat_map in H. destruct H as (i & _ & H).
      apply in_map_iff in H. destruct H as (l & <- & H). eapply K, H. }
    split; [apply topo_app; auto; intros g H; now apply KG |].
    split; [| split; [intros g H; now apply KG |]].
    - unfold gs. rewrite !cev_mul, cev_prod, map_dimk, peval_c, map_app.
      fold (dims n osh) (dims n ssh). rewrite <- length_box.
      apply length_flat_map. intros i _. rewrite map_length.
      unfold conjs. rewrite length_pairs.
      apply Nat.mul_le_mono; [apply IA | apply IB].
    - constructor; simpl.
      + auto.
      + auto.
      + intro i. rewrite !table_eq. destruct (inb (dims n osh) i); auto.
        rewrite seval_sum, map_map. f_equal. apply map_ext.
        intro e. rewrite seval_mul. f_equal; [apply IA | apply IB].
      + intros i l. rewrite !table_eq.
        destruct (inb (dims n osh) i) eqn:Hi; [| easy]. unfold nrm at 1.
        rewrite inb_nrmk by auto.
        rewrite lits_sum, flat_map_concat_map, map_map, <- flat_map_concat_map, !in_flat_map.
        intros (e & E & H). exists e. split; auto.
        assert (EA : supf s v fa (nrm r i ++ e) = supf s v fa (i ++ e))
          by (unfold supf; now rewrite rel_nrm_app).
        assert (EB : supf s' v' fb (nrm r i ++ e) = supf s' v' fb (i ++ e))
          by (unfold supf; now rewrite rel_nrm_app).
        unfold conjs. fold (nrm r i). rewrite EA, EB, !in_app_iff.
        apply lits_mul in H. destruct H as [H | [H | H]].
        * left. now apply IA in H.
        * right. left. now apply IB in H.
        * right. right. apply in_pairs in H.
          destruct H as (p & q & P & Q & ->). apply in_pairs.
          exists p, q. apply IA in P. apply IB in Q. auto.
      + intros i l. rewrite table_eq.
        destruct (inb (dims n osh) i) eqn:Hi; [| easy].
        rewrite in_flat_map. intros (e & E & H).
        rewrite !in_app_iff in H. destruct H as [H | [H | H]].
        * apply IA in H. destruct H as [H LA].
          split; [apply good_mono with (1 := H); intros; apply in_or_app; auto
            | now apply lev_left].
        * apply IB in H. destruct H as [H LB].
          split; [apply good_mono with (1 := H); intros; apply in_or_app; auto
            | now apply lev_right].
        * destruct (K _ _ H) as [[I _] L].
          split; [| split; [exact L | intros _; left; apply in_pairs in H;
            destruct H as (? & ? & _ & _ & ->); apply isopen_conj]].
          assert (Q : In (snd l) gs).
          { unfold gs. apply in_flat_map. exists (nrm r (i ++ e)).
            split.
            - apply in_box. unfold nrm. apply inb_dimk.
              rewrite inb_app by (apply inb_length; auto). rewrite Hi.
              now apply in_box.
            - apply in_map. unfold conjs, supf in *.
              now rewrite !rel_nrm. }
          destruct (snd l); try easy; simpl; apply in_or_app; auto.
      + intro i. rewrite table_eq.
        destruct (inb (dims n osh) i); [| simpl; lia].
        rewrite cev_mul, cev_prod. fold (dims n ssh).
        rewrite <- length_box. apply length_flat_map. intros e _.
        rewrite !app_length, !cev_add, cev_mul. unfold conjs.
        rewrite length_pairs. apply Nat.add_le_mono; [apply IA |].
        apply Nat.add_le_mono; [apply IB |].
        apply Nat.mul_le_mono; [apply IA | apply IB].
  Qed.

  (* A difference to the greatest is large if those to all are. *)
  Lemma zmax_le l y t : l <> [] -> (t <=? y - zmax l) = forallb (fun z => t <=? y - z) l.
  Proof.
    destruct l as [| a l]; [easy |]. intros _. simpl.
    apply eq_true_iff_eq.
    rewrite andb_true_iff, forallb_forall, !Z.leb_le.
    induction l as [| b l IH]; simpl; [split; [intro; split; [auto | easy] | easy] |].
    split.
    - intro H. destruct (proj1 IH) as [A B]; [lia |]. split; auto.
      intros z [<- | Z]; [apply Z.leb_le; lia | auto].
    - intros [A B]. pose proof (B b (or_introl eq_refl)) as C.
      apply Z.leb_le in C.
      assert (t <= y - fold_right Z.max a l) by (apply IH; split; auto).
      lia.
  Qed.

  (* Staircases of the difference to the greatest keep the invariant. *)
  Lemma omax_ok senv env tenv base js ssh f a :
    Inv n x ni G (nth a senv snone) (nth a env vnone) (nth a tenv tnone) ->
    let o := OMax base js ssh f a in ok1 senv o = true ->
    step_ok (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o) (count1 senv o).
  Proof.
    intros IA o. subst o. unfold step_ok. simpl.
    set (s := nth a senv snone) in *. set (v := nth a env vnone) in *.
    set (t := nth a tenv tnone) in *. intro P.
    set (es := box (dims n ssh)).
    assert (TS : fst t = v_sh v) by apply IA.
    assert (NE : es <> []).
    { intro E. apply (f_equal (@length idx)) in E. unfold es in E.
      rewrite length_box in E. simpl in E. rewrite forallb_forall in P.
      enough (1 <= prod (dims n ssh))%nat by lia.
      clear - P N. induction ssh; simpl; [lia |].
      pose proof (ppos_ok a n (P a (or_introl eq_refl)) N).
      assert (1 <= prod (dims n ssh))%nat by (apply IHssh; intros; apply P; now right).
      unfold prod, dims in *. nia. }
    assert (C : forall i j e, fits ni G (snd (comp n f v i j e)) /\ isopen (comp n f v i j e) /\
      (tlev (snd (comp n f v i j e)) <= S (s_lev s))%nat).
    { intros i j e. apply thr_fits. intros l Hl.
      rewrite lits_add, in_app_iff, lits_scale in Hl.
      destruct Hl as [Hl | Hl]; apply IA in Hl; apply IA in Hl; destruct Hl as [? [? _]]; auto. }
    set (G1 := comps n js es f v (v_sh v)).
    assert (C1 : forall g, In g G1 -> fits ni G g /\ (tlev g <= S (s_lev s))%nat).
    { intros g H. apply in_flat_map in H. destruct H as (i & _ & H).
      apply in_flat_map in H. destruct H as (j & _ & H).
      apply in_map_iff in H. destruct H as (e & <- & _). split; apply C. }
    assert (T1 : topo ni (G ++ G1)) by (apply topo_app; auto; intros; now apply C1).
    assert (V : (forall g, In g (gthr (v_sh v) (maxs n js es f v)) -> fits ni (G ++ G1) g) /\
      (length (gthr (v_sh v) (maxs n js es f v)) <= prod (v_sh v) * length js)%nat /\
      (forall g, In g (gthr (v_sh v) (maxs n js es f v)) -> (tlev g <= S (S (s_lev s)))%nat) /\
      Inv n x ni ((G ++ G1) ++ gthr (v_sh v) (maxs n js es f v))
        (mkSt (s_sh s) (S (S (s_lev s))) true (nc (length js)) (fun _ => true))
        (vthr (v_sh v) base (maxs n js es f v))
        (fst t, table 0 (fst t) (fun i => stair base (jumpsat js n i)
          (snd t i - zmax (map (fun e => snd t (imap f (i ++ e))) es))))).
    { match goal with |- context [Inv _ _ _ _ ?S _ _] => apply vthr_ok
        with (s := S) (L := Datatypes.S (Datatypes.S (s_lev s))) (J := length js) end; simpl.
      - apply IA.
      - auto.
      - auto.
      - auto.
      - intros i w Hi W. unfold maxs in W. apply in_map_iff in W.
        destruct W as (j & <- & J). simpl.
        split; [split; [exact I |] | split].
        + intros c K. simpl in K. rewrite map_map in K.
          apply in_map_iff in K. destruct K as (e & <- & E).
          apply good_gate; [apply C |]. apply in_or_app. right.
          unfold G1, comps. apply in_flat_map. exists i.
          split; [now apply in_box |]. apply in_flat_map. exists j.
          split; auto.
          now apply (in_map (fun e => snd (comp n f v i (fst j) e))).
        + right. eauto.
        + apply le_n_S.
          apply list_max_le, Forall_map, Forall_map, Forall_forall.
          intros e _. apply C.
      - intro i. unfold maxs, jumpsat. now rewrite !map_length.
      - auto.
      - intro i. rewrite TS, table_eq. destruct (inb (v_sh v) i); auto.
        unfold stair, maxs. f_equal. rewrite wsum_map.
        f_equal. apply map_ext. intro j. simpl. f_equal.
        f_equal.
        rewrite zmax_le by (intro E; apply NE; destruct es; [auto | discriminate E]).
        transitivity (forallb (leval x) (map (comp n f v i (fst j)) es));
          [| symmetry; apply xorb_false_l].
        clear NE G1 C1 T1. induction es as [| e l IH]; simpl; auto.
        rewrite IH. f_equal. unfold comp.
        rewrite leval_thr, seval_add, seval_scale.
        rewrite !(i_val _ _ _ _ _ _ _ IA). reflexivity. }
    destruct V as (V1 & V2 & V3 & V4). rewrite app_assoc.
    split; [now apply topo_app |]. split; [| split; [| exact V4]].
    - match goal with |- (_ <= cev ?p n)%nat => change p
        with (nmul (nprod (s_sh s)) (nmul (nc (length js)) (nadd (nprod ssh) (nc 1)))) end.
      rewrite app_length, !cev_mul, cev_add, !cev_prod, !cev_c.
      fold (dims n (s_sh s)) (dims n ssh).
      rewrite <- (i_sh _ _ _ _ _ _ _ IA).
      enough (length G1 <= prod (v_sh v) * (length js * prod (dims n ssh)))%nat by nia.
      unfold G1, comps. rewrite <- (length_box (v_sh v)).
      apply length_flat_map. intros i _.
      replace (length js) with (length (jumpsat js n i)) by (unfold jumpsat; apply map_length).
      apply length_flat_map. intros j _. rewrite map_length.
      unfold es. now rewrite length_box.
    - intros g H. apply in_app_iff in H.
      destruct H as [H | H]; [apply C1 in H; lia | auto].
  Qed.
End Step.

(* ---- programs ---- *)

(* All values agree with what is known of them and what they mean. *)
Definition Envs n x ni G (senv : list st) (env : list val) (tenv : list tensor) : Prop :=
  length env = length senv /\ length tenv = length senv /\
  forall k, Inv n x ni G (nth k senv snone) (nth k env vnone) (nth k tenv tnone).

(* Any operation keeps the invariant. *)
Lemma step1_ok n x ni G senv env tenv o :
  (1 <= n)%nat -> topo ni G -> Envs n x ni G senv env tenv -> ok1 senv o = true ->
  step_ok n x ni G (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o)
    (count1 senv o).
Proof.
  intros N T (_ & _ & E) O. destruct o.
  - now apply osum_ok.
  - now apply oadd_ok.
  - now apply ostep_ok.
  - now apply ocon_ok.
  - now apply oquo_ok.
  - now apply omax_ok.
Qed.

(* Values that agree may be followed by one more that does. *)
Lemma envs_snoc n x ni G H senv env tenv s v t :
  Envs n x ni G senv env tenv -> (forall g, In g G -> In g H) ->
  Inv n x ni H s v t -> Envs n x ni H (senv ++ [s]) (env ++ [v]) (tenv ++ [t]).
Proof.
  intros (L1 & L2 & E) M V.
  split; [| split]; [rewrite !app_length; simpl; lia | rewrite !app_length; simpl; lia |].
  intro k.
  destruct (Nat.lt_trichotomy k (length senv)) as [K | [K | K]].
  - rewrite !app_nth1 by lia. eapply inv_mono; eauto.
  - rewrite !app_nth2 by lia. rewrite L1, L2, K, Nat.sub_diag. exact V.
  - rewrite !nth_overflow by (rewrite app_length; simpl; lia).
    apply inv_none.
Qed.

(* Any list of operations keeps to the bounds of the analysis, and all its values agree. *)
Lemma lowers_ok n x ni ops : (1 <= n)%nat -> forall senv env tenv G count lev p d,
  topo ni G -> Envs n x ni G senv env tenv -> (length G <= cev count n)%nat ->
    (forall g, In g G -> (tlev g <= lev)%nat) ->
  anas ops senv count lev = Some (p, d) ->
  let r := lowers n ops senv env G in
  topo ni (snd r) /\ (length (snd r) <= cev p n)%nat /\
    (forall g, In g (snd r) -> (tlev g <= d)%nat) /\
  exists senv', Envs n x ni (snd r) senv' (fst r) (sems n ops tenv).
Proof.
  intro N.
  induction ops as [| o ops IH]; intros senv env tenv G count lev p d T E C L A; simpl in *.
  - injection A as <- <-.
    split; [auto | split; [auto | split; [auto | eauto]]].
  - destruct (ok1 senv o) eqn:O; [| easy].
    destruct (step1_ok n x ni G senv env tenv o N T E O) as (F & K & V & I).
    eapply IH; [| | | | exact A].
    + exact F.
    + eapply envs_snoc; eauto. intros; apply in_or_app; auto.
    + rewrite app_length, cev_add. lia.
    + intros g Hg. apply in_app_iff in Hg.
      destruct Hg as [Hg | Hg]; [specialize (L g Hg) | specialize (V g Hg)]; lia.
Qed.

(* An input agrees with what is known of it and what it means. *)
Lemma low0_ok a n o ni x : (o + nbits a n <= ni)%nat ->
  Inv n x ni [] (st0 a) (low0 a n o) (sem0 a n o x).
Proof.
  intro O. constructor; simpl; auto; try easy.
  - intro i. rewrite !table_eq.
    destruct (inb (dims n (in_shape a)) i); auto. unfold seval; simpl.
    rewrite wsum_map. do 2 f_equal. apply map_ext. intro b.
    unfold leval; simpl. now destruct (x _).
  - intros i l. rewrite nrm_true, !table_eq by auto.
    destruct (inb (dims n (in_shape a)) i); auto.
  - intros i l. rewrite table_eq.
    destruct (inb (dims n (in_shape a)) i) eqn:E; [| easy]. rewrite map_map.
    simpl. rewrite in_map_iff. intros (b & <- & B).
    apply in_seq in B. simpl. split; [| split; [simpl; lia | easy]].
    unfold wire, nbits in *. pose proof (ravel_lt _ i 0 E) as R.
    simpl in R. nia.
  - intro i. rewrite table_eq.
    destruct (inb (dims n (in_shape a)) i); [| simpl; lia].
    rewrite !map_length, seq_length, cev_c. lia.
Qed.

(* So do all inputs. *)
Lemma lows0_ok n x ni ins : forall o, (o + list_sum (map (fun a => nbits a n) ins) <= ni)%nat ->
  Envs n x ni [] (map st0 ins) (lows0 ins n o) (sems0 ins n o x).
Proof.
  induction ins as [| a r IH]; simpl; intros o O.
  - split; [auto | split; [auto |]]. intros [| k]; apply inv_none.
  - destruct (IH (o + nbits a n)%nat) as (L & K & E); [lia |].
    split; [simpl; lia | split; [simpl; lia |]].
    intros [| k]; simpl; [apply low0_ok; lia | apply E].
Qed.

(* ---- results ---- *)

(* The circuit computes the program and keeps to the bounds of the analysis, for every n. *)
Theorem compile_ok p count lev : analyse p = Some (count, lev) ->
  forall n, (1 <= n)%nat -> let c := compile p n in
  wf c /\ (depth c <= lev)%nat /\ (size c <= cev count n)%nat /\ forall x, eval c x = meaning p n x.
Proof.
  intros A n N c.
  assert (H : forall x, topo (ninputs p n) (snd (lowered p n)) /\
    (length (snd (lowered p n)) <= cev count n)%nat /\
    (forall g, In g (snd (lowered p n)) -> (tlev g <= lev)%nat) /\
    exists senv', Envs n x (ninputs p n) (snd (lowered p n)) senv' (fst (lowered p n))
    (sems n (p_ops p) (sems0 (p_ins p) n 0 x))).
  { intro x. unfold lowered.
    eapply lowers_ok; [auto | apply topo_nil | | | | exact A]; simpl; auto; [| easy].
    now apply lows0_ok. }
  destruct (H (fun _ => false)) as (T & C & L & senv & _ & _ & E).
  destruct (circuit_of_ok (ninputs p n) (snd (lowered p n)) (outputs p n) T) as (W & S & D & V).
  { intros s l Hs Hl. unfold outputs in Hs. apply in_flat_map in Hs.
    destruct Hs as (k & _ & Hs). apply in_map_iff in Hs.
    destruct Hs as (i & <- & _). apply (E k) in Hl.
    now apply E in Hl. }
  fold c in W, S, D, V. fold (compile p n) in W, S, D, V. subst c.
  split; [auto |]. split; [| split].
  - rewrite D. apply list_max_le, Forall_map, Forall_forall. auto.
  - rewrite S. auto.
  - intro x. rewrite V.
    destruct (H x) as (_ & _ & _ & senv' & _ & _ & E').
    unfold outputs, meaning. rewrite !flat_map_concat_map, concat_map, map_map. f_equal.
    apply map_ext. intro k. unfold elements.
    rewrite (i_tsh _ _ _ _ _ _ _ (E' k)), map_map. apply map_ext. intro i.
    apply (E' k).
Qed.
Print Assumptions compile_ok.

(* The circuits of a program are a TC0 family. *)
Corollary compile_TC0 p count lev : analyse p = Some (count, lev) -> TC0_family lev (compile p).
Proof.
  intros A. exists (map N.to_nat count). intros n N.
  destruct (compile_ok p count lev A n N) as (? & ? & S & _).
  split; [auto | split; [auto |]]. rewrite <- cev_poly, map_map.
  rewrite (map_ext _ (fun x => x)), map_id; auto using N2Nat.id.
Qed.
Print Assumptions compile_TC0.
