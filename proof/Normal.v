(* Normal forms: a threshold gate that reads few wires is an OR of ANDs, one for each way of its
   literals to reach the threshold. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Expansion Index Forms.
Import ListNotations.
Open Scope nat_scope.

(* ---- terms ---- *)

(* All lists of m truth values. *)
Fixpoint truths (m : nat) : list (list bool) :=
  match m with 0 => [[]] | S m => flat_map (fun a => [true :: a; false :: a]) (truths m) end.

(* The weighted sum if the literals have the values a. *)
Definition reach (ws : list (Z * flit)) (a : list bool) : Z :=
  wsum (fun b => b) (combine (map fst ws) a).

(* The AND that tells whether the literals have the values a. *)
Definition term (ws : list (Z * flit)) (a : list bool) : fgate :=
  FAnd (map (fun p => (xorb (negb (snd p)) (fst (fst p)), snd (fst p))) (combine (map snd ws) a)).

(* The terms of a threshold. *)
Definition terms (ws : list (Z * flit)) (t : Z) : list fgate :=
  map (term ws) (filter (fun a => (t <=? reach ws a)%Z) (truths (length ws))).

(* The normal form of a gate, after k gates. *)
Definition normal (k : nat) (g : fgate) : list fgate :=
  match g with
  | FThr ws t =>
    let ts := terms ws t in ts ++ [FOr (map (fun j => (false, RGate (k + j))) (seq 0 (length ts)))]
  | _ => [g]
  end.

(* There are 2^m lists. *)
Lemma truths_length m : length (truths m) = 2 ^ m.
Proof.
  induction m; auto. cbn [truths Nat.pow]. rewrite <- IHm. generalize (truths m).
  intro l. induction l; simpl in *; lia.
Qed.

(* They are all lists of that length. *)
Lemma in_truths m : forall a, In a (truths m) <-> length a = m.
Proof.
  induction m; intro a; cbn [truths].
  - destruct a; simpl; intuition (discriminate || auto).
  - rewrite in_flat_map. split.
    + intros (b & B & H). apply IHm in B. simpl in H. destruct H as [<- | [<- | []]]; simpl; auto.
    + destruct a as [| c a]; [easy |]. intro L. injection L as L. exists a.
      split; [now apply IHm | destruct c; simpl; auto].
Qed.

(* A term holds if the literals have its values. *)
Lemma gval_term x vs ws : forall a, length a = length ws ->
  (gval x vs (term ws a) = true <-> a = map (fun w => lval x vs (snd w)) ws).
Proof.
  induction ws as [| [w l] ws IH]; intros [| b a]; try easy. intro L. injection L as L.
  specialize (IH a L). unfold term in *. cbn [gval map combine forallb snd fst] in *.
  rewrite andb_true_iff, IH. unfold lval at 1. cbn [fst snd].
  assert (E : xorb (xorb (negb b) (fst l)) (rval x vs (snd l)) = true <-> b = lval x vs l)
    by (unfold lval; destruct b, (fst l), (rval x vs (snd l)); simpl; intuition discriminate).
  rewrite E. split; [now intros [-> ->] | intro H; injection H; auto].
Qed.

(* The weighted sum of the values that the literals have. *)
Lemma reach_lval x vs ws :
  reach ws (map (fun w => lval x vs (snd w)) ws) = wsum (lval x vs) ws.
Proof. unfold reach. induction ws as [| [w l] ws IH]; simpl; auto. now rewrite IH. Qed.

(* One of the terms holds if the threshold is reached. *)
Lemma terms_ok x vs ws t :
  existsb (gval x vs) (terms ws t) = (t <=? wsum (lval x vs) ws)%Z.
Proof.
  apply eq_true_iff_eq. unfold terms. rewrite existsb_exists. split.
  - intros (g & G & V). apply in_map_iff in G. destruct G as (a & <- & A).
    apply filter_In in A. destruct A as [A T]. apply in_truths in A.
    apply gval_term in V; auto. subst a. now rewrite reach_lval in T.
  - intro T. set (a := map (fun w => lval x vs (snd w)) ws).
    assert (L : length a = length ws) by apply map_length.
    exists (term ws a). split; [| now apply gval_term].
    apply in_map, filter_In. split; [now apply in_truths |].
    unfold a. now rewrite reach_lval.
Qed.

(* What a term reads. *)
Lemma gargs_term ws a : incl (gargs (term ws a)) (map (fun w => snd (snd w)) ws).
Proof.
  intros r H. unfold term in H. cbn [gargs] in H. rewrite map_map in H. cbn [snd] in H.
  apply in_map_iff in H. destruct H as ([l b] & <- & H). apply in_combine_l in H.
  apply in_map_iff in H. destruct H as (w & <- & W). apply in_map_iff. exists w. auto.
Qed.

(* How many wires a term reads. *)
Lemma fan_in_term ws a : fan_in (term ws a) <= length ws.
Proof.
  unfold fan_in, term. cbn [gargs]. rewrite !map_length, combine_length, map_length. lia.
Qed.

(* How many terms there are. *)
Lemma terms_length ws t : length (terms ws t) <= 2 ^ length ws.
Proof.
  unfold terms. rewrite map_length, <- truths_length.
  induction (truths (length ws)); simpl; auto. destruct (_ <=? _)%Z; simpl; lia.
Qed.

(* ---- blocks ---- *)

(* Gates that do not read each other. *)
Lemma after_apart {A} (f : list A -> fgate -> A) vs gs :
  (forall g us, In g gs -> f (vs ++ us) g = f vs g) -> after f vs gs = map (f vs) gs.
Proof.
  intro H. enough (E : forall us, after f (vs ++ us) gs = map (f vs) gs)
    by (specialize (E []); now rewrite app_nil_r in E).
  induction gs as [| g gs IH]; intro us; auto. cbn [after map].
  rewrite <- app_assoc, IH by (intros; apply H; now right). f_equal. apply H. now left.
Qed.

(* The value of a gate depends on what it reads. *)
Lemma gval_prefix x vs us g ni :
  Forall (ref_ok ni (length vs)) (gargs g) -> gval x (vs ++ us) g = gval x vs g.
Proof.
  intro R. rewrite Forall_forall in R.
  replace (gval x (vs ++ us) g) with (gval x (vs ++ us) (rename (fun r => r) g)).
  - apply gval_rename. intros r I. specialize (R r I).
    destruct r; simpl in *; auto. now apply app_nth1.
  - f_equal. destruct g as [ls | ls | ws t]; simpl; f_equal.
    + rewrite <- map_id. apply map_ext. now intros [b r].
    + rewrite <- map_id. apply map_ext. now intros [b r].
    + rewrite <- map_id. apply map_ext. now intros [w [b r]].
Qed.

(* So does its level. *)
Lemma glev_prefix ls us g ni :
  Forall (ref_ok ni (length ls)) (gargs g) -> glev (ls ++ us) g = glev ls g.
Proof.
  intro R. rewrite Forall_forall in R. unfold glev. do 2 f_equal. apply map_ext_in.
  intros r I. specialize (R r I). destruct r; simpl in *; auto. now apply app_nth1.
Qed.

(* Whether a gate reads at most m wires, and at most k if it is a threshold gate. *)
Definition narrow (m k : nat) (g : fgate) : Prop :=
  fan_in g <= m /\ (~ simple_gate g -> fan_in g <= k).

(* A bound on the wires of a normal form. *)
Definition normal_wires (g : fgate) : nat :=
  match g with FThr ws _ => 2 ^ length ws * (length ws + 1) | _ => fan_in g end.

(* A circuit of ANDs and ORs. *)
Definition normalise (c : circuit) : circuit := expand [] normal c.

(* It computes the same, is at most twice as deep, and has at most 2^k + 1 gates for one. *)
Theorem normalise_ok m k c : wf c -> Forall (narrow m k) (gates c) -> let d := normalise c in
  wf d /\ depth d <= 2 * depth c /\ size d <= (2 ^ k + 1) * size c /\
  wires d <= list_sum (map normal_wires (gates c)) /\
  Forall (fun g => simple_gate g /\ fan_in g <= m + 2 ^ k) (gates d) /\
  forall x, eval d x = eval c x.
Proof.
  intros W F d.
  destruct (expand_ok [] 0 normal (2 ^ k + 1) 2 normal_wires (narrow m k)
    (fun g => simple_gate g /\ fan_in g <= m + 2 ^ k)) with (c := c)
    as (A & B & C & X & D & E); auto.
  - split; [intros ni j g K; now destruct j | split; [simpl; lia | auto]].
  - unfold narrow. intros f g. split; [| rewrite fan_in_rename; now destruct g].
    destruct g as [ls | ls | ws t]; [exact (fan_in_rename f (FAnd ls)) |
      exact (fan_in_rename f (FOr ls)) | simpl; now rewrite map_length].
  - intros ni n g [P1 P2] _ R b. subst b. destruct g as [ls | ls | ws t].
    1, 2 : split; [simpl; lia |]; split; [simpl; lia |];
      split; [constructor; auto; split; [exact I | lia] |];
      split; [intros [| j] h H; [injection H as <-; now rewrite Nat.add_0_r | now destruct j] |];
      split; [reflexivity | intros us l lv _ _ L; constructor; auto;
        apply glev_le in L; lia].
    unfold fan_in in P1, P2. cbn [gargs] in P1, P2. rewrite map_length in P1, P2.
    assert (KW : length ws <= k) by (apply P2; auto).
    assert (KT : length (terms ws t) <= 2 ^ k).
    { eapply Nat.le_trans; [apply terms_length | now apply Nat.pow_le_mono_r]. }
    assert (T : forall g, In g (terms ws t) -> simple_gate g /\ fan_in g <= length ws /\
      incl (gargs g) (gargs (FThr ws t))).
    { intros g G. apply in_map_iff in G. destruct G as (a & <- & _).
      split; [exact I | split; [apply fan_in_term | apply gargs_term]]. }
    cbn [normal]. set (ts := terms ws t) in *.
    set (o := FOr (map (fun j => (false, RGate (n + j))) (seq 0 (length ts)))).
    split; [rewrite app_length; simpl; lia |]. split; [| split; [| split; [| split]]].
    + rewrite map_app, list_sum_app. cbn [normal_wires].
      assert (O : fan_in o = length ts)
        by (unfold fan_in, o; cbn [gargs]; now rewrite !map_length, seq_length).
      pose proof (terms_length ws t) as L. fold ts in L.
      assert (S : list_sum (map fan_in ts) <= length ts * length ws).
      { clearbody ts. clear - T. induction ts as [| g ts IH]; simpl; auto.
        pose proof (T g (or_introl eq_refl)) as (_ & Y & _).
        assert (list_sum (map fan_in ts) <= length ts * length ws)
          by (apply IH; intros; apply T; now right). lia. }
      cbn [map list_sum fold_right]. rewrite O. unfold flit in *. nia.
    + apply Forall_app. split.
      * apply Forall_forall. intros g G. apply T in G. destruct G as (S & L & _).
        split; [exact S | unfold flit in *; lia].
      * constructor; auto. split; [exact I |]. unfold fan_in, o. cbn [gargs].
        rewrite !map_length, seq_length. lia.
    + intros j h H. destruct (Nat.lt_ge_cases j (length ts)) as [J | J].
      * rewrite nth_error_app1 in H by auto. apply nth_error_In, T in H.
        destruct H as (_ & _ & H). eapply incl_Forall; [exact H |].
        eapply Forall_impl; [| exact R]. intros r Q. eapply ref_later; [exact Q | lia].
      * rewrite nth_error_app2 in H by auto.
        destruct (j - length ts) as [| i] eqn:X; [| now destruct i]. injection H as <-.
        unfold o. cbn [gargs]. rewrite map_map. apply Forall_map, Forall_forall.
        intros i Q. apply in_seq in Q. simpl. lia.
    + intros x vs V. cbn [run fold_left app] in *.
      rewrite app_length, Nat.add_1_r. cbn [pred]. rewrite after_app, after_apart.
      2 : { intros g us G. apply T in G. destruct G as (_ & _ & G).
            apply gval_prefix with (ni := ni).
            rewrite V. eapply incl_Forall; eauto. }
      cbn [after]. rewrite nth_final by apply map_length.
      transitivity (existsb (gval x vs) ts); [| apply terms_ok].
      unfold o. cbn [gval]. apply eq_true_iff_eq. rewrite !existsb_exists. split.
      * intros (l & L & Y). apply in_map_iff in L. destruct L as (j & <- & J). apply in_seq in J.
        unfold lval in Y. cbn [fst snd rval xorb] in Y. rewrite nth_second in Y by auto.
        exists (nth j ts (FAnd [])). split; [apply nth_In; lia |].
        rewrite (nth_indep _ false (gval x vs (FAnd []))) in Y by (rewrite map_length; lia).
        rewrite map_nth in Y. now destruct (gval x vs _).
      * intros (g & G & Y). apply In_nth with (d := FAnd []) in G. destruct G as (j & J & <-).
        exists (false, RGate (n + j)). split.
        { apply in_map_iff. exists j. split; auto. apply in_seq. lia. }
        unfold lval. cbn [fst snd rval xorb]. rewrite nth_second by auto.
        rewrite (nth_indep _ false (gval x vs (FAnd []))) by (rewrite map_length; lia).
        rewrite map_nth, Y. reflexivity.
    + intros lv l V _ L. cbn [levels fold_left app] in *.
      rewrite after_app, after_apart.
      2 : { intros g vs G. apply T in G. destruct G as (_ & _ & G).
            apply glev_prefix with (ni := ni).
            rewrite V. eapply incl_Forall; eauto. }
      assert (Y : Forall (fun m => m <= S l) (map (glev lv) ts)).
      { apply Forall_map, Forall_forall. intros g G. apply T in G.
        apply glev_le. eapply incl_Forall; [apply G | exact L]. }
      apply Forall_app. split; [eapply Forall_impl; [| exact Y]; simpl; lia |].
      constructor; auto. replace (l + 2) with (S (S l)) by lia. apply glev_le.
      unfold o. cbn [gargs]. rewrite map_map. apply Forall_map, Forall_forall.
      intros j J. apply in_seq in J. cbn [snd rlev]. rewrite nth_second by auto.
      rewrite Forall_forall in Y. apply Y, nth_In. rewrite map_length. lia.
  - exact (conj A (conj B (conj C (conj X (conj D E))))).
Qed.
Print Assumptions normalise_ok.
