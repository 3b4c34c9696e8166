(* The invariant of the lowering: what is known of a value, what the circuit has for it and what it
   means agree. Values of weighted gates keep it. *)
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
