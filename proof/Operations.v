(* Each of the six operations keeps the invariant of the lowering, adds gates in order, and no more
   than the analysis counts. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis Lowering Invariant.
Import ListNotations.
Open Scope Z_scope.

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
